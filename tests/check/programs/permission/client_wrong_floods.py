# mode: permission
# end: client
# verdict: wrong
# mistake: It prints its prompt without end.
# fails: comes to the server|flood|without end|too much
import sys
import socket

SERVER = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000)


def send_message(port, text):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        sock.sendto(text.encode(), SERVER)
        return sock.recv(1024).decode()


def main():
    while True:
        print("Please enter a port number between 1024 and 65535!")
    port = int(input("Port? "))
    while True:
        answer = send_message(port, input("Message? "))
        print("Server: " + answer)
        if "not allowed" in answer:
            return


main()
