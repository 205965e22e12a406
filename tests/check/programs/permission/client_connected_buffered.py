# again: like another
# note: takes a second and a half to start; reads lines without input(); ends at end of input
import sys
import time
from socket import socket, AF_INET, SOCK_DGRAM

time.sleep(1.5)
sys.stdout.write("client port: ")
port = int(sys.stdin.readline())
s = socket(AF_INET, SOCK_DGRAM)
s.bind(("127.0.0.1", port))
s.connect(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
sys.stdout.write("message: ")
for line in sys.stdin:
    s.send(line.rstrip("\n").encode())
    answer = s.recv(1024).decode().rstrip()
    sys.stdout.write(answer + "\n")
    if answer == "Port is not allowed to communicate":
        break
    sys.stdout.write("message: ")
s.close()
