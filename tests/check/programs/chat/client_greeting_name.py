# note: the server speaks first; the first message is a name that is asked for
# options: --greeting
import os
import socket
import sys
import threading


def listen(sock):
    try:
        while True:
            text = sock.recv(1024).decode()
            if not text or text.strip() == "Bye":
                print(text, flush=True)
                break
            print("<<", text.rstrip(), flush=True)
    finally:
        os._exit(0)


def main(port):
    sock = socket.socket()
    sock.connect(("127.0.0.1", port))
    print(sock.recv(1024).decode().rstrip(), flush=True)
    name = input("Your name: ")
    sock.sendall(name.encode())
    print(">>", name, flush=True)
    threading.Thread(target=listen, args=(sock,), daemon=True).start()
    for line in sys.stdin:
        sock.sendall(line.strip().encode())
        print(">>", line.strip(), flush=True)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 12000)
