# again: like another
# note: speaks NAME:NUMBER; the reply ends with a line feed
import os
import random
import socket
import sys
import threading


def reply(conn):
    name, _, number = conn.recv(256).decode().strip().partition(":")
    number = int(number)
    if number > 100 or number < 1:
        print("The number is not between 1 and 100", flush=True)
        os._exit(0)
    other = random.choice(range(1, 101))
    print(name, number, flush=True)
    print("colon server", other, flush=True)
    print("sum", number + other, flush=True)
    conn.sendall("colon server:{}\n".format(other).encode())
    conn.shutdown(socket.SHUT_WR)
    conn.close()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
s.listen()
while True:
    threading.Thread(target=reply, args=(s.accept()[0],)).start()
