# mode: uppercase
# end: server
# verdict: wrong
# mistake: After the first quit no other message is answered.
# fails: ready again|after quit
# again: like another of this folder
import signal
import sys
import threading
import socket

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))


closed = False


def handle(data, address):
    global closed
    if closed:
        return
    text = data.decode("utf-8")
    upper = text.upper()
    lines = [text]
    if upper == "QUIT":
        lines += ["CONNECTION CLOSED", "=====", "the server is ready to receive"]
    closed = upper == "QUIT"
    print("\n".join(lines), flush=True)
    server.sendto(upper.encode("utf-8"), address)


print("the server is ready to receive", flush=True)
while True:
    data, address = server.recvfrom(2048)
    threading.Thread(target=handle, args=(data, address), daemon=True).start()
