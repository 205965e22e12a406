// again: like another
// note: the child serves, and the parent waits for it
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(int sock)
{
    char line[4096];
    struct sockaddr_in from;
    socklen_t fromlen = sizeof from;
    ssize_t n;
    while ((n = recvfrom(sock, line, sizeof line - 1, 0, (struct sockaddr *)&from, &fromlen)) >= 0) {
        line[n] = '\0';
        printf("%s\n", line);
        for (char *c = line; *c; c++)
            *c = toupper((unsigned char)*c);
        if (strcmp(line, "QUIT") == 0)
            printf("CONNECTION CLOSED\n=====\nthe server is ready to receive\n");
        sendto(sock, line, n, 0, (struct sockaddr *)&from, fromlen);
    }
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in local = {.sin_family = AF_INET};
    local.sin_port = htons(argc > 1 ? atoi(argv[1]) : 12000);
    if (bind(sock, (struct sockaddr *)&local, sizeof local)) {
        perror("bind");
        return 1;
    }
    printf("the server is ready to receive\n");
    pid_t child = fork();
    if (child == 0) {
        serve(sock);
        _exit(0);
    }
    close(sock);
    waitpid(child, NULL, 0);
    return 0;
}
