# again: like another
# note: prompts on lines of their own, answers with a prefix; binds to all addresses
import socket
import sys


class Client:
    REFUSED = "Port is not allowed to communicate"

    def __init__(self, server):
        self.server = server
        print("Please define a port number for this client")
        self.port = int(input(">> "))
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("", self.port))
        print("Socket created on port", self.port)

    def ask(self, message):
        self.sock.sendto(message.encode("utf-8"), self.server)
        data, _ = self.sock.recvfrom(4096)
        return data.decode("utf-8").strip()

    def run(self):
        response = ""
        while response != self.REFUSED:
            print("Please enter a message")
            response = self.ask(input(">> "))
            print("Response from server:", response)
        self.sock.close()
        print("Client closed.")


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
    Client(("localhost", port)).run()
