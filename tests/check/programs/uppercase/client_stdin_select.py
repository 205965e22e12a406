# note: select() on the keyboard and the socket: what is typed ahead of the answer stays in the buffer of sys.stdin
import select
import sys
import time
from socket import *

time.sleep(1)
server = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000)
sock = socket(AF_INET, SOCK_DGRAM)
waiting = []          # sentences that have not been answered
print("Input lowercase sentence: ", end="", flush=True)
keyboard = True
while keyboard or waiting:
    watched = [sock] + ([sys.stdin] if keyboard and not waiting else [])
    ready, _, _ = select.select(watched, [], [])
    if sock in ready:
        print(sock.recv(2048).decode())
        if waiting.pop(0) == "quit":
            break
        print("Input lowercase sentence: ", end="", flush=True)
    elif sys.stdin in ready:
        line = sys.stdin.readline()
        if line == "":
            keyboard = False
        else:
            waiting.append(line.rstrip("\n"))
            sock.sendto(waiting[-1].encode(), server)
sock.close()
print("CONNECTION CLOSED")
