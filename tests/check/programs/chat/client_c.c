// again: like another
// note: poll() on the keyboard and the socket; what it prints sits in the buffer of stdout
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static int sock;

static void say(const char *text)
{
    send(sock, text, strlen(text), 0);
}

int main(int argc, char *argv[])
{
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 12000)};
    char side[8], name[100], line[4096], introduction[128];

    printf("Client (X or Y): ");
    if (scanf("%7s ", side) != 1)
        return 1;
    printf("Your name: ");
    fgets(name, sizeof name, stdin);
    name[strcspn(name, "\n")] = '\0';
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    sock = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sock, (struct sockaddr *)&server, sizeof server) < 0) {
        perror("connect");
        return 1;
    }
    snprintf(introduction, sizeof introduction, "Client %s: %s", side, name);
    say(introduction);
    struct pollfd ends[2] = {{.fd = 0, .events = POLLIN}, {.fd = sock, .events = POLLIN}};
    for (;;) {
        poll(ends, 2, -1);
        if (ends[1].revents) {
            ssize_t n = recv(sock, line, sizeof line - 1, 0);
            if (n <= 0)
                break;
            line[n] = '\0';
            printf("received: %s\n", line);
            if (strncasecmp(line, "bye", 3) == 0 && strcspn(line, "\n") == 3)
                break;
        }
        if (ends[0].revents) {
            ssize_t n = read(0, line, sizeof line - 1);
            line[n > 0 ? n : 0] = '\0';
            for (char *text = strtok(line, "\n"); text; text = strtok(NULL, "\n")) {
                say(text);
                printf("sent: %s\n", text);
                if (strcasecmp(text, "bye") == 0)
                    goto end;
            }
            if (n <= 0)
                break;
        }
    }
end:
    close(sock);
    return 0;
}
