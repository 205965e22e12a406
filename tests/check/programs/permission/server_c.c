// note: printf() into a pipe: without a terminal nothing is seen before the end
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static char permitted[1000][64];
static int permitted_count;

/* the number behind the word, or NULL */
static const char *number_after(const char *word, const char *message)
{
    size_t n = strlen(word);
    if (strncasecmp(message, word, n) != 0 || message[n] == '\0')
        return NULL;
    if (strspn(message + n, "0123456789") != strlen(message + n))
        return NULL;
    return message + n;
}

static int is_permitted(const char *number)
{
    for (int i = 0; i < permitted_count; i++)
        if (strcmp(permitted[i], number) == 0)
            return 1;
    return 0;
}

static const char *answer(const char *message, int port)
{
    const char *number;
    if (port == 1234) {
        if ((number = number_after("permission", message)) == NULL)
            return "Invalid Message";
        if (is_permitted(number))
            return "Already Permitted";
        snprintf(permitted[permitted_count++], 64, "%s", number);
        return "Permission Accepted";
    }
    if (port == 3333) {
        if ((number = number_after("request", message)) == NULL)
            return "Invalid Message";
        return is_permitted(number) ? "Request Accepted" : "Request Rejected";
    }
    return "Port is not allowed to communicate";
}

int main(int argc, char *argv[])
{
    struct sockaddr_in server = {0}, client;
    in_port_t ports[4];
    int clients = 0;
    int sockfd = socket(AF_INET, SOCK_DGRAM, 0);
    server.sin_family = AF_INET;
    server.sin_addr.s_addr = INADDR_ANY;
    server.sin_port = htons(argc > 1 ? atoi(argv[1]) : 12000);
    if (bind(sockfd, (struct sockaddr *)&server, sizeof server) < 0) {
        perror("bind failed");
        exit(EXIT_FAILURE);
    }
    while (clients < 4) {
        char buffer[1025];
        socklen_t len = sizeof client;
        ssize_t n = recvfrom(sockfd, buffer, 1024, 0, (struct sockaddr *)&client, &len);
        if (n < 0)
            break;
        buffer[n] = '\0';
        printf("Message: %s from %s:%d\n", buffer, inet_ntoa(client.sin_addr), ntohs(client.sin_port));
        int known = 0;
        for (int i = 0; i < clients; i++)
            known |= ports[i] == client.sin_port;
        if (!known)
            ports[clients++] = client.sin_port;
        const char *reply = answer(buffer, ntohs(client.sin_port));
        sendto(sockfd, reply, strlen(reply), 0, (struct sockaddr *)&client, len);
    }
    close(sockfd);
    return 0;
}
