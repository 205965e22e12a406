// again: like another
// note: scanf() and fgets(); what it prints sits in the buffer of stdout
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    int port, sockfd = socket(AF_INET, SOCK_DGRAM, 0);
    char message[1024], response[1025];
    struct sockaddr_in me = {0}, server = {0};

    printf("Client port: ");
    scanf("%d%*c", &port);
    me.sin_family = server.sin_family = AF_INET;
    me.sin_addr.s_addr = server.sin_addr.s_addr = inet_addr("127.0.0.1");
    me.sin_port = htons(port);
    server.sin_port = htons(argc > 1 ? atoi(argv[1]) : 12000);
    if (bind(sockfd, (struct sockaddr *)&me, sizeof me) < 0) {
        perror("bind");
        return 1;
    }
    for (;;) {
        printf("Enter your message: ");
        if (fgets(message, sizeof message, stdin) == NULL)
            break;
        message[strcspn(message, "\n")] = '\0';
        sendto(sockfd, message, strlen(message), 0, (struct sockaddr *)&server, sizeof server);
        ssize_t n = recvfrom(sockfd, response, 1024, 0, NULL, NULL);
        response[n] = '\0';
        printf("Response: %s\n", response);
        if (strcmp(response, "Port is not allowed to communicate") == 0)
            break;
    }
    close(sockfd);
    return 0;
}
