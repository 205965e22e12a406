# mode: permission
# end: client
# verdict: wrong
# mistake: The program also finishes after Request Rejected.
# fails: only “port|rejected
# again: like another of this folder
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
        if "not allowed" in answer or "Rejected" in answer:
            return


main()
