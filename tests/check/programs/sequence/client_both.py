# note: one program is both clients
# unjudged: connects twice
import socket
import sys

server = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000)
clients = {side: socket.create_connection(server) for side in "XY"}
messages = {side: f"Client {side}: " + input(f"Name of client {side}: ") for side in "XY"}
for side, client in clients.items():
    client.sendall(messages[side].encode())
for side, client in clients.items():
    print(messages[side])
    print("Client", side, "received:", client.recv(1024).decode())
    client.close()
