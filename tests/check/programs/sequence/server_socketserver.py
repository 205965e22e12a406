# again: like another
import socketserver
import sys
import threading

order = []
both_here = threading.Condition()
sent = threading.Semaphore(0)


class ClientHandler(socketserver.BaseRequestHandler):
    def handle(self):
        message = self.request.recv(1024).decode("utf-8").strip()
        with both_here:
            order.append(message)
            print(f"Message {len(order)}: {message}")
            both_here.notify_all()
            both_here.wait_for(lambda: len(order) >= 2)
        first, second = (m.split(" ", 1)[1] for m in order[:2])
        self.request.sendall(f"{first} received before {second}".encode("utf-8"))
        sent.release()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
with Server(("127.0.0.1", port), ClientHandler) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sent.acquire()
    sent.acquire()
    print(*[m.split(" ", 1)[1] for m in order[:2]], sep=" received before ")
    print("Sent acknowledgment to both X and Y")
    server.shutdown()
