# note: bytes.upper() knows the letters a to z only; the answer ends with a line feed
from select import select
from socket import *
import sys

sock = socket(AF_INET, SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
sock.setblocking(False)
print("The server is ready to receive")
while True:
    select([sock], [], [])
    data, who = sock.recvfrom(2048)
    data = data.rstrip(b"\r\n")
    print(data.decode("utf-8", "replace"))
    if data.upper() == b"QUIT":
        print("CONNECTION CLOSED")
        print("=====")
        print("The server is ready to receive")
    sock.sendto(data.upper() + b"\n", who)
