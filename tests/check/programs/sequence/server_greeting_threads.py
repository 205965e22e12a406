# note: the server speaks first, when both have connected
# options: --greeting
import socket
import sys
import threading

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
lock = threading.Lock()
order = []


def serve(connection, name):
    message = connection.recv(1024).decode()
    with lock:
        order.append((name, message))
        print("Client %s sent message %d: %s" % (name, len(order), message))


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", PORT))
listener.listen(2)
print("The server is waiting to receive 2 connections....")
x, _ = listener.accept()
print("Accepted first connection, calling it client X")
y, _ = listener.accept()
print("Accepted second connection, calling it client Y")
x.send("Client X connected".encode())
y.send("Client Y connected".encode())

print("Waiting to receive messages from client X and client Y....")
threads = [threading.Thread(target=serve, args=(x, "X")),
           threading.Thread(target=serve, args=(y, "Y"))]
for t in threads:
    t.start()
for t in threads:
    t.join()

(n1, m1), (n2, m2) = order
ack = n1 + ": " + m1 + " received before " + n2 + ": " + m2
x.send(ack.encode())
y.send(ack.encode())
print(ack)
print("Sent acknowledgment to both X and Y")
x.close()
y.close()
