# again: like another
# note: the server speaks first; whoever it greets first is X, messages are lines
# options: --greeting
import socketserver
import sys
import threading


class Chat(socketserver.StreamRequestHandler):
    members = []
    complete = threading.Event()
    lock = threading.Lock()

    def handle(self):
        with self.lock:
            name = "XY"[len(self.members)]
            self.members.append(self)
            self.say(f"Client {name} connected")
            print(f"client {name} connected", flush=True)
            if name == "Y":
                self.complete.set()
        self.complete.wait()
        other = self.members[0 if name == "Y" else 1]
        text = ""
        while text.lower() != "bye" and (line := self.rfile.readline()):
            text = line.decode().strip()
            print(f"{name}: {text}", flush=True)
            other.say(text)
        for member in self.members:
            server.shutdown_request(member.request)
        server.shutdown()

    def say(self, text):
        self.wfile.write(text.encode() + b"\n")


socketserver.ThreadingTCPServer.allow_reuse_address = True
server = socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000), Chat)
server.daemon_threads = True
server.serve_forever()
