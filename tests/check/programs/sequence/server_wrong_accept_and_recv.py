# mode: sequence
# end: server
# verdict: wrong
# mistake: One client is accepted and read before the next is accepted, so the order is that of accept.
# fails: accept|connects first
# again: like another of this folder
import socket
import sys

HOST = "localhost"
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 12000

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind((HOST, PORT))
listener.listen(5)
print("Waiting for client X and client Y ...")

received = []     # (connection, message) in order of arrival

while len(received) < 2:
    connection, address = listener.accept()
    print("connection from", address)
    message = connection.recv(2048).decode().strip()
    print("received:", message)
    received.append((connection, message))

names = [m[len("Client "):] for _, m in received]
ack = "%s received before %s\n" % (names[0], names[1])
for connection, _ in received:
    connection.sendall(ack.encode())
print("sent to both:", ack, end="")
print("Sent acknowledgment to both X and Y")
for connection, _ in received:
    connection.close()
listener.close()
