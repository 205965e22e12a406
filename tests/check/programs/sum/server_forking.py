# note: speaks {"client_name": "NAME", "client_number": NUMBER}; a child process answers each client
import json
import os
import random
import signal
import socketserver
import sys


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        server.socket.close()    # the parent's
        request = json.loads(self.request.recv(1024))
        name, number = request["client_name"], request["client_number"]
        if not 1 <= number <= 100:
            print(f"[WARNING] [handle_client]: Client int out of range: {number}. Terminating the server.")
            sys.stdout.flush()
            os.kill(os.getppid(), signal.SIGUSR1)
            return
        mine = random.randint(1, 100)
        print(f"[INFO] [handle_client]: Client Name: {name} | Server Name: Forking Server")
        print(f"[INFO] [handle_client]: Client Number: {number} | Server Number: {mine} | Sum: {number + mine}")
        sys.stdout.flush()
        reply = {"server_name": "Forking Server", "server_number": mine, "sum": number + mine}
        self.request.sendall(json.dumps(reply).encode())


def end(signum, frame):
    server.server_close()
    os._exit(0)


signal.signal(signal.SIGUSR1, end)
socketserver.TCPServer.allow_reuse_address = True
socketserver.ForkingTCPServer.block_on_close = False
server = socketserver.ForkingTCPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000), Handler)
server.serve_forever()
