# again: like another
# note: side X is hard-coded; the name is typed
import socket
import sys
import threading


class ChatClient:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.connect(("localhost", port))
        self.over = threading.Event()

    def introduce(self):
        message = "Client X: " + input("Welcome client X, your name please: ")
        self.sock.sendall(message.encode())
        print(message)

    def keyboard(self):
        for line in sys.stdin:
            self.sock.sendall(line.rstrip("\n").encode())
            print("X: " + line.rstrip("\n"))
            if line.strip() == "Bye":
                break
        self.over.set()

    def network(self):
        while True:
            data = self.sock.recv(2048)
            if not data:
                break
            print("Y: " + data.decode().rstrip())
        self.over.set()

    def run(self):
        self.introduce()
        for task in (self.keyboard, self.network):
            threading.Thread(target=task, daemon=True).start()
        self.over.wait()
        self.sock.close()
        print("chat ended")


ChatClient(int(sys.argv[1]) if len(sys.argv) > 1 else 12000).run()
sys.stdout.flush()
