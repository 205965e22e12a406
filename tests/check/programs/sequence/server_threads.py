from socket import *
from threading import Thread, Lock
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', serverPort))
serverSocket.listen(2)
print('The server is ready to receive 2 connections')

lock = Lock()
messages = []        # in the order in which they were received


def receive(connection):
    message = connection.recv(1024).decode().strip()
    with lock:
        print(message)
        messages.append(message)


connections = []
threads = []
for i in range(2):
    connection, address = serverSocket.accept()
    connections.append(connection)
    thread = Thread(target=receive, args=(connection,))
    thread.start()
    threads.append(thread)
for thread in threads:
    thread.join()

first = messages[0].replace('Client ', '', 1)
second = messages[1].replace('Client ', '', 1)
acknowledgment = first + ' received before ' + second
for connection in connections:
    connection.send(acknowledgment.encode())
print(acknowledgment)
print('Sent acknowledgment to both X and Y')
for connection in connections:
    connection.close()
serverSocket.close()
