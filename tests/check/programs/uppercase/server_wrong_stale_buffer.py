# mode: uppercase
# end: server
# verdict: wrong
# mistake: The buffer keeps the end of a longer message that came before.
# fails: long message, and a short|short one|buffer
import socket
import sys
import time


class UpperServer:
    def __init__(self, port):
        print("Loading ...", flush=True)
        time.sleep(0.3)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", port))

    def ready(self):
        print("The server is ready to receive", flush=True)

    def close(self, client):
        print("CONNECTION CLOSED", flush=True)
        print("=====", flush=True)
        self.ready()

    def serve(self):
        self.ready()
        buffer = bytearray(2048)
        while True:
            n, client = self.sock.recvfrom_into(buffer)
            text = buffer.decode().rstrip('\0')
            self.sock.sendto(text.upper().encode(), client)
            print(f"{client}: {text}", flush=True)
            if text.strip().lower() == "quit":
                self.close(client)


UpperServer(int(sys.argv[1]) if len(sys.argv) > 1 else 12000).serve()
