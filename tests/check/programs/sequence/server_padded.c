// note: sends its whole buffer, which is full of NULs behind the text
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE 1024

int main(int argc, char *argv[])
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr = {.sin_family = AF_INET};
    struct pollfd clients[2];
    char messages[2][SIZE] = {{0}}, ack[SIZE] = {0};
    int count = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    addr.sin_port = htons(argc > 1 ? atoi(argv[1]) : 12000);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(fd, 2) < 0) {
        perror("server");
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        clients[i].fd = accept(fd, NULL, NULL);
        clients[i].events = POLLIN;
    }
    while (count < 2) {
        poll(clients, 2, -1);
        for (int i = 0; i < 2; i++) {
            if (!(clients[i].revents & POLLIN) || count == 2)
                continue;
            recv(clients[i].fd, messages[count], SIZE - 1, 0);
            printf("%s\n", messages[count++]);
            clients[i].events = 0;
        }
    }
    snprintf(ack, SIZE, "%.400s received before %.400s", messages[0] + 7, messages[1] + 7);
    for (int i = 0; i < 2; i++)
        send(clients[i].fd, ack, SIZE, 0);
    printf("%s\nSent acknowledgment to both X and Y\n", ack);
    close(clients[0].fd);
    close(clients[1].fd);
    close(fd);
    return 0;
}
