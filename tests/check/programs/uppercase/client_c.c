// note: sends the NUL at the end of its string, too
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE 1024

int main(int argc, char *argv[])
{
    char line[SIZE], answer[SIZE + 1];
    struct sockaddr_in server;
    int s = socket(AF_INET, SOCK_DGRAM, 0);

    memset(&server, 0, sizeof server);
    server.sin_family = AF_INET;
    server.sin_port = htons(argc > 1 ? atoi(argv[1]) : 12000);
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    do {
        printf("Input lowercase sentence: ");
        if (!fgets(line, SIZE, stdin))
            break;
        line[strcspn(line, "\n")] = 0;
        sendto(s, line, strlen(line) + 1, 0, (struct sockaddr *)&server, sizeof server);
        ssize_t n = recv(s, answer, SIZE, 0);
        answer[n] = 0;
        printf("%s\n", answer);
    } while (strcmp(line, "quit") != 0);
    close(s);
    printf("CONNECTION CLOSED\n");
    return 0;
}
