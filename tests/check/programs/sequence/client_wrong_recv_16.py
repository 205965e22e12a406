# mode: sequence
# end: client
# verdict: wrong
# mistake: Sixteen bytes are received, so that the reply is cut off.
# fails: followed by the reply|cut|buffer
# again: like another of this folder
# note: side X is hard-coded
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
        print("From Server:", s.recv(16).decode().strip())


if __name__ == "__main__":
    main()
