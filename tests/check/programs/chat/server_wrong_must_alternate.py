# mode: chat
# end: server
# verdict: wrong
# mistake: X and Y have to speak in turns: after a message of one the server waits for a message of the other.
# fails: in turns|alternat
from socket import *
from threading import Thread, Lock
import sys

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
serverSocket.listen(2)
print('The server is ready to receive 2 connections')

lock = Lock()
order = []           # (connection, message) in the order of arrival


def introduce(connection):
    message = connection.recv(1024).decode().strip()
    with lock:
        print(message)
        order.append((connection, message[len('Client '):]))


threads = []
for i in range(2):
    connection, address = serverSocket.accept()
    threads.append(Thread(target=introduce, args=(connection,)))
    threads[-1].start()
for thread in threads:
    thread.join()

(a, first), (b, second) = order
for connection in (a, b):
    connection.sendall((first + ' received before ' + second).encode())
print('Sent acknowledgment to both X and Y')
message = b''
while message.strip() != b'Bye':
    for source, destination in ((a, b), (b, a)):
        message = source.recv(1024)
        print(message.decode())
        destination.sendall(message)
        if message.strip() == b'Bye':
            break
a.close()
b.close()
print('The chat is over')
