# again: like another
# note: the server speaks first; a thread prints whatever it says until it closes
# options: --greeting
import socket
import sys
import threading

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
greeted = threading.Event()
sent = []


def listen():
    while True:
        data = sock.recv(1024)
        if not data:
            break
        if sent:
            print("I sent:", sent[0])
        print("Server:", data.decode().rstrip(), flush=True)
        greeted.set()


listener = threading.Thread(target=listen)
listener.start()
greeted.wait()
sent.append(input("Message: "))
sock.send(sent[0].encode())
listener.join()
sock.close()
