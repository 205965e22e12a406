# again: like another
# note: consumes the introductions and answers Welcome; takes a second to start
import socketserver
import sys
import threading
import time

clients = {}
ready = threading.Barrier(2)
over = threading.Event()


class ChatHandler(socketserver.BaseRequestHandler):
    def handle(self):
        intro = self.request.recv(1024).decode().strip()
        print(intro, flush=True)
        side = intro[len("Client "):][0]
        clients[side] = self.request
        self.request.sendall(b"Welcome to the chat!\n")
        ready.wait()
        other = clients["Y" if side == "X" else "X"]
        while not over.is_set():
            data = self.request.recv(1024)
            if not data:
                break
            text = data.decode()
            print(side + ": " + text.strip(), flush=True)
            other.sendall(data)
            if text.strip() == "Bye":
                break
        over.set()


class ChatServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


time.sleep(1)
port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
with ChatServer(("localhost", port), ChatHandler) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    over.wait()
    for connection in clients.values():
        server.shutdown_request(connection)
    server.shutdown()
