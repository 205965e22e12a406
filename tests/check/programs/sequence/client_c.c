// again: like another
// note: sends its whole buffer, which is full of NULs behind the text
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    char side[8], name[200], message[256] = {0}, reply[1025] = {0};
    struct sockaddr_in server = {.sin_family = AF_INET};
    int s = socket(AF_INET, SOCK_STREAM, 0);

    printf("Client (X or Y): ");
    fgets(side, sizeof side, stdin);
    printf("Your name: ");
    fgets(name, sizeof name, stdin);
    side[strcspn(side, "\n")] = name[strcspn(name, "\n")] = '\0';
    server.sin_port = htons(argc > 1 ? atoi(argv[1]) : 12000);
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    if (connect(s, (struct sockaddr *)&server, sizeof server) < 0) {
        perror("connect");
        return 1;
    }
    snprintf(message, sizeof message, "Client %s: %s", side, name);
    send(s, message, sizeof message, 0);
    recv(s, reply, sizeof reply - 1, 0);
    printf("Sent: %s\nReceived: %s\n", message, reply);
    close(s);
    return 0;
}
