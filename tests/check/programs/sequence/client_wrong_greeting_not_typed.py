# mode: sequence
# end: client
# verdict: wrong
# mistake: It sends Alice, whatever was typed.
# fails: sends its message|typed|types
# again: like another of this folder
# note: the server speaks first
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
input("Message: ")
sent.append("Alice")
sock.send(sent[0].encode())
listener.join()
sock.close()
