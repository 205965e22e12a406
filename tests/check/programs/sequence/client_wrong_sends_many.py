# mode: sequence
# end: client
# verdict: wrong
# mistake: It sends its message every tenth of a second until the reply comes.
# fails: sends its message|once
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
        s.settimeout(0.1)
        print("Sent to server:", message)
        print("Waiting for the acknowledgment...")
        reply = None
        while reply is None:
            s.sendall(message.encode())
            try:
                reply = s.recv(2048)
            except socket.timeout:
                pass
        print("From Server:", reply.decode().strip())


if __name__ == "__main__":
    main()
