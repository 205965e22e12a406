# again: like another
# note: the fourth client gets no answer; numbers are integers, so 007 is 7
import re
import socket
import sys

HOST = "127.0.0.1"
PORT = 12000
MAX_CLIENTS = 4


class PermissionServer:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((HOST, port))
        self.numbers = set()
        self.clients = set()
        self.handlers = {1234: self.permission, 3333: self.request}

    @staticmethod
    def number_of(word, message):
        m = re.fullmatch(word + r"(\d+)", message, re.I)
        return int(m[1]) if m else None

    def permission(self, message):
        number = self.number_of("permission", message)
        if number is None:
            return "Invalid Message"
        if number in self.numbers:
            return "Already Permitted"
        self.numbers.add(number)
        return "Permission Accepted"

    def request(self, message):
        number = self.number_of("request", message)
        if number is None:
            return "Invalid Message"
        return "Request Accepted" if number in self.numbers else "Request Rejected"

    def run(self):
        while True:
            data, addr = self.sock.recvfrom(65535)
            text = data.decode(errors="replace")
            print(f"[{addr[0]}:{addr[1]}] {text}", flush=True)
            self.clients.add(addr)
            if len(self.clients) >= MAX_CLIENTS:
                break
            handler = self.handlers.get(addr[1])
            reply = handler(text) if handler else "Port is not allowed to communicate"
            self.sock.sendto(reply.encode(), addr)
        self.sock.close()
        print("Maximum number of clients reached. Bye!", flush=True)


if __name__ == "__main__":
    PermissionServer(int(sys.argv[1]) if len(sys.argv) > 1 else PORT).run()
