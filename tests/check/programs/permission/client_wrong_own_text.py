# mode: permission
# end: client
# verdict: wrong
# mistake: It prints a text of its own instead of the response of the server.
# fails: response is printed|printed
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
        print("Permission Accepted" if port == 1234 else "Request Accepted")
        if "not allowed" in answer:
            return


main()
