# mode: sequence
# end: client
# verdict: wrong
# mistake: The greeting is not read, and is taken for the reply.
# fails: waits for the reply|followed by|greet
# again: like another of this folder
# note: the server speaks first
# options: --greeting
import socket
import sys


class GreetedClient:
    def __init__(self, port):
        self.sock = socket.create_connection(("localhost", port))

    def receive(self):
        return self.sock.recv(4096).decode().strip()

    def run(self):
        name = input("Your name: ")
        self.sock.sendall((name + "\n").encode())
        print(name)
        print(self.receive())
        self.sock.close()


GreetedClient(int(sys.argv[1]) if len(sys.argv) > 1 else 12000).run()
