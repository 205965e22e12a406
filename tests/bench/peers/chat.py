"""The chat server, a thread for each direction of the relay: chat.py PORT"""
import socket
import sys
import threading


def relay(side, lines, other):
    for line in lines:
        message = line.decode().rstrip("\r\n")
        print(f"{side}: {message}")
        other.send(line)
        if message.upper() == "BYE":
            break


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(2)
first, _ = server.accept()
second, _ = server.accept()
first_lines, second_lines = first.makefile("rb"), second.makefile("rb")
# "Client X: Alice" from the one, "Client Y: Bob" from the other.
one = first_lines.readline().decode().strip()[len("Client "):]
two = second_lines.readline().decode().strip()[len("Client "):]
acknowledgment = f"{one} received before {two}\n"
for connection in (first, second):
    connection.send(acknowledgment.encode())
print(acknowledgment, end="")
print("Sent acknowledgment to both X and Y")
threads = [
    threading.Thread(target=relay, args=(one[0], first_lines, second)),
    threading.Thread(target=relay, args=(two[0], second_lines, first)),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
