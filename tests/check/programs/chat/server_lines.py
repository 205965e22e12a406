# again: like another
# note: reads lines, so that it needs a client that ends its messages with a line feed
import os
import socket
import sys
import threading


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.lines = connection.makefile("r", encoding="utf-8", newline="\n")

    def read(self):
        return self.lines.readline().rstrip("\r\n")

    def write(self, text):
        self.connection.sendall((text + "\n").encode("utf-8"))


def introduce(client):
    message = client.read()
    with lock:
        print(message, flush=True)
        client.label = message[7:8]
        arrived.append(message[7:])


def relay(sender, receiver):
    while True:
        message = sender.read()
        if message:
            print(f"{sender.label}: {message}", flush=True)
            receiver.write(message)
        if message in ("", "Bye"):
            os._exit(0)          # closes both connections


lock = threading.Lock()
arrived = []
server = socket.create_server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
one, two = [Client(server.accept()[0]) for _ in range(2)]
readers = [threading.Thread(target=introduce, args=(c,)) for c in (one, two)]
for r in readers:
    r.start()
for r in readers:
    r.join()
for client in (one, two):
    client.write(arrived[0] + " received before " + arrived[1])
print("Sent acknowledgment to both X and Y", flush=True)
threading.Thread(target=relay, args=(one, two)).start()
threading.Thread(target=relay, args=(two, one)).start()
