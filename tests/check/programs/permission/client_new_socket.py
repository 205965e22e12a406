# again: like another
# note: a new socket, bound to the same port, for each message
import sys
import socket

SERVER = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000)


def send_message(port, text):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        sock.sendto(text.encode(), SERVER)
        return sock.recv(1024).decode()


def main():
    port = int(input("Port? "))
    while True:
        answer = send_message(port, input("Message? "))
        print("Server: " + answer)
        if "not allowed" in answer:
            return


main()
