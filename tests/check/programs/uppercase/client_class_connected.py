# again: like another
# note: looks at the answer, not at what was typed; prints a banner and prefixes
import socket
import sys


class UppercaseClient:
    def __init__(self, host="127.0.0.1", port=12000):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.connect((host, port))
        print("=== UDP client, server is %s:%d ===" % (host, port))
        print("=== type quit to leave ===")

    def loop(self):
        while True:
            self.sock.send(input("Input lowercase sentence: ").encode("utf8"))
            answer = self.sock.recv(2048).decode("utf8").rstrip("\n")
            print("From Server:", answer)
            if answer == "QUIT":
                break
        self.sock.close()
        print("CONNECTION CLOSED")


if __name__ == "__main__":
    UppercaseClient(port=int(sys.argv[1]) if len(sys.argv) > 1 else 12000).loop()
