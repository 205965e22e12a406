# again: like another
# note: takes three seconds to start; answers before it prints; quit in any case
import socket
import sys
import time


class UpperServer:
    def __init__(self, port):
        print("Loading ...", flush=True)
        time.sleep(3)
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
        while True:
            data, client = self.sock.recvfrom(65536)
            text = data.decode()
            self.sock.sendto(text.upper().encode(), client)
            print(f"{client}: {text}", flush=True)
            if text.strip().lower() == "quit":
                self.close(client)


UpperServer(int(sys.argv[1]) if len(sys.argv) > 1 else 12000).serve()
