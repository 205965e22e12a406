# again: like another
# note: a thread for each datagram; the socket has a timeout so that Ctrl-C works
import sys
import threading
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
sock.settimeout(1)
lock = threading.Lock()
allowed = {}
clients = {}


def parse(word, text):
    head, tail = text[:len(word)], text[len(word):]
    if head.upper() == word and tail != "" and all(c in "0123456789" for c in tail):
        return int(tail)
    return -1


def answer(text, addr):
    with lock:
        print("Message from client: {}".format(text))
        print("Address of client: {}".format(addr), flush=True)
        if addr[1] == 1234:
            n = parse("PERMISSION", text)
            if n < 0:
                reply = "Invalid Message"
            elif allowed.get(n):
                reply = "Already Permitted"
            else:
                allowed[n] = True
                reply = "Permission Accepted"
        elif addr[1] == 3333:
            n = parse("REQUEST", text)
            if n < 0:
                reply = "Invalid Message"
            else:
                reply = "Request " + ("Accepted" if allowed.get(n) else "Rejected")
        else:
            reply = "Port is not allowed to communicate"
        sock.sendto(reply.encode(), addr)


while len(clients) < 4:
    try:
        data, addr = sock.recvfrom(1500)
    except socket.timeout:
        continue
    clients[addr] = clients.get(addr, 0) + 1
    t = threading.Thread(target=answer, args=(data.decode(), addr))
    t.start()
    t.join()
sock.close()
print("done:", clients)
