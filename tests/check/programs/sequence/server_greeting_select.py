# again: like another
# note: the acknowledgment keeps the word Client that a client has sent; it misspells received
# options: --greeting
import select
import socket
import sys

listener = socket.create_server(("", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
print("The server is waiting to receive 2 connections...")
names = {}
while len(names) < 2:
    connection, _ = listener.accept()
    names[connection] = "XY"[len(names)]
    print("Accepted connection, calling it client", names[connection])
for connection, name in names.items():
    connection.send(f"Client {name} connected".encode())
    print(f"Sent greeting to client {name}")

order = []
while len(order) < 2:
    ready, _, _ = select.select([c for c in names if c not in dict(order)], [], [])
    for connection in ready:
        text = connection.recv(1024).decode()
        print(f"Client {names[connection]} sent message {len(order) + 1}: {text}")
        order.append((connection, f"{names[connection]}: {text}"))
reply = f"{order[0][1]} recieved before {order[1][1]}"
for connection in names:
    connection.send(reply.encode())
print(reply)
print("Waiting a bit for clients to close their connections")
for connection in names:
    connection.close()
