# again: like another
# note: the server speaks first; the message ends with a line feed
# options: --greeting
import socket
import sys


class GreetedClient:
    def __init__(self, port):
        self.sock = socket.create_connection(("localhost", port))

    def receive(self):
        return self.sock.recv(4096).decode().strip()

    def run(self):
        print(self.receive())
        name = input("Your name: ")
        self.sock.sendall((name + "\n").encode())
        print(name)
        print(self.receive())
        self.sock.close()


GreetedClient(int(sys.argv[1]) if len(sys.argv) > 1 else 12000).run()
