# note: Ctrl-C and SIGTERM are ignored, only kill -9 ends it; the text does not say how a server ends
import signal
import sys
import threading
import socket

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))


def handle(data, address):
    text = data.decode("utf-8")
    upper = text.upper()
    lines = [text]
    if upper == "QUIT":
        lines += ["CONNECTION CLOSED", "=====", "the server is ready to receive"]
    print("\n".join(lines), flush=True)
    server.sendto(upper.encode("utf-8"), address)


print("the server is ready to receive", flush=True)
while True:
    data, address = server.recvfrom(2048)
    threading.Thread(target=handle, args=(data, address), daemon=True).start()
