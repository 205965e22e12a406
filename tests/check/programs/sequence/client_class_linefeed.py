# again: like another
# note: ends its message with a line feed, reads up to the end of the stream; starts after two seconds
import socket
import sys
import time


class Client:
    def __init__(self, host, port):
        time.sleep(2)
        self.sock = socket.create_connection((host, port))
        print("Connected to", host, port)

    def talk(self, message):
        self.sock.sendall(message.encode() + b"\n")
        reply = b""
        while True:
            part = self.sock.recv(64)
            if not part:
                break
            reply += part
        return reply.decode().rstrip()


client = Client("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000)
who = input("Are you client X or client Y? ").strip().upper()
message = "Client {}: {}".format(who, input("What is your name? ").strip())
reply = client.talk(message)
print("-" * 30)
print(message)
print(reply)
print("-" * 30)
client.sock.close()
