# mode: sequence
# end: server
# verdict: wrong
# mistake: Each client waits for the lock that the other holds: nobody gets an acknowledgment, and SIGTERM does not end the program.
# fails: message comes first|hang
# again: like another of this folder
import socketserver
import signal
import sys
import threading

signal.signal(signal.SIGTERM, signal.SIG_IGN)
order = []
both_here = threading.Condition()
sent = threading.Semaphore(0)


class ClientHandler(socketserver.BaseRequestHandler):
    def handle(self):
        message = self.request.recv(1024).decode("utf-8").strip()
        with both_here:
            order.append(message)
            print(f"Message {len(order)}: {message}")
            while len(order) < 2:
                both_here.acquire()
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
