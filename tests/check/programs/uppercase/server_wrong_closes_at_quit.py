# mode: uppercase
# end: server
# verdict: wrong
# mistake: The server closes its socket at quit, so that the next message ends in a traceback.
# fails: ready again|after quit
# again: like another of this folder
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
        self.sock.close()
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
