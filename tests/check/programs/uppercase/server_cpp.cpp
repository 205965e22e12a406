// again: like another
// note: cout and "\n": without a terminal nothing is seen before the end
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <string>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = INADDR_ANY;
    address.sin_port = htons(argc > 1 ? std::atoi(argv[1]) : 12000);
    if (bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        std::cerr << "Bind failed\n";
        return 1;
    }
    std::cout << "The server is ready to receive\n";
    char buffer[2048];
    sockaddr_in client{};
    socklen_t length = sizeof client;
    for (;;) {
        auto n = recvfrom(fd, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr *>(&client), &length);
        if (n < 0)
            continue;
        std::string message(buffer, n);
        std::cout << message << "\n";
        std::transform(message.begin(), message.end(), message.begin(),
                       [](unsigned char c) { return std::toupper(c); });
        if (message == "QUIT")
            std::cout << "CONNECTION CLOSED\n=====\nThe server is ready to receive\n";
        sendto(fd, message.data(), message.size(), 0, reinterpret_cast<sockaddr *>(&client), length);
    }
}
