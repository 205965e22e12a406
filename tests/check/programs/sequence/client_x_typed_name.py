# again: like another
# note: side X is hard-coded; the message is printed when it is sent
import socket
import sys

SERVER = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000)


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        name = input("Hello, I am client X. Enter your name: ")
        s.connect(SERVER)
        message = f"Client X: {name}"
        s.sendall(message.encode())
        print("Sent to server:", message)
        print("Waiting for the acknowledgment...")
        print("From Server:", s.recv(2048).decode().strip())


if __name__ == "__main__":
    main()
