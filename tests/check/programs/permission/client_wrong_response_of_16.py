# mode: permission
# end: client
# verdict: wrong
# mistake: Sixteen bytes are received, so that Port is not allowed to communicate is cut off and never recognised.
# fails: response is printed|“port is not allowed to communicate” ends|cut
# again: like another of this folder
import sys
import socket

SERVER = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000)


def send_message(port, text):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        sock.sendto(text.encode(), SERVER)
        return sock.recv(16).decode()


def main():
    port = int(input("Port? "))
    while True:
        answer = send_message(port, input("Message? "))
        print("Server: " + answer)
        if "not allowed" in answer:
            return


main()
