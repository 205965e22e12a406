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


def relay(source, destination, label):
    while True:
        data = source.recv(1024)
        if not data:
            break
        print(label + ': ' + data.decode().strip())
        destination.sendall(data)
        if data.decode().strip() == 'Bye':
            break
    for connection in (source, destination):
        try:
            connection.shutdown(SHUT_RDWR)
        except OSError:
            pass             # the other thread was faster


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
threads = [Thread(target=relay, args=(a, b, first[0])), Thread(target=relay, args=(b, a, second[0]))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print('The chat is over')
