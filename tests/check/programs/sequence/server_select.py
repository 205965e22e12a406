# note: the acknowledgment ends with a line feed
import select
import socket
import sys

HOST = "localhost"
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 12000

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind((HOST, PORT))
listener.listen(5)
print("Waiting for client X and client Y ...")

sockets = [listener]
received = []     # (connection, message) in order of arrival

while len(received) < 2:
    readable, _, _ = select.select(sockets, [], [])
    for s in readable:
        if s is listener:
            connection, address = listener.accept()
            print("connection from", address)
            sockets.append(connection)
            continue
        message = s.recv(2048).decode().strip()
        sockets.remove(s)
        if message:
            print("received:", message)
            received.append((s, message))

names = [m[len("Client "):] for _, m in received]
ack = "%s received before %s\n" % (names[0], names[1])
for connection, _ in received:
    connection.sendall(ack.encode())
print("sent to both:", ack, end="")
print("Sent acknowledgment to both X and Y")
for connection, _ in received:
    connection.close()
listener.close()
