# note: the introductions are relayed like any other message, there is no acknowledgment
import sys
import threading
import socket as sk

server = sk.socket(sk.AF_INET, sk.SOCK_STREAM)
server.setsockopt(sk.SOL_SOCKET, sk.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
server.listen(2)
print("Waiting for two chat clients...")
a, addr_a = server.accept()
print("first client:", addr_a)
b, addr_b = server.accept()
print("second client:", addr_b)


def forward(src, dst, addr):
    while True:
        try:
            msg = src.recv(1024)
            if not msg:
                return
            print(addr, "says", msg.decode().strip())
            dst.send(msg)
            if msg.decode().strip().upper() == "BYE":
                src.shutdown(sk.SHUT_RDWR)
                dst.shutdown(sk.SHUT_RDWR)
                return
        except OSError:
            return


t1 = threading.Thread(target=forward, args=(a, b, addr_a))
t2 = threading.Thread(target=forward, args=(b, a, addr_b))
t1.start()
t2.start()
t1.join()
t2.join()
print("Bye!")
