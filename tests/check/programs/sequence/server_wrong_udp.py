# mode: sequence
# end: server
# verdict: wrong
# mistake: It uses a UDP socket instead of TCP connections.
# fails: tcp|udp|comes first|connect
# again: like another of this folder
from socket import *
from threading import Thread, Lock
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', serverPort))
print('The server is ready to receive 2 connections')

lock = Lock()
messages = []        # in the order in which they were received


def receive(connection):
    with lock:
        print(connection[0].decode())
        messages.append(connection[0].decode())


connections = []
threads = []
for i in range(2):
    connection = serverSocket.recvfrom(1024)
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
    serverSocket.sendto(acknowledgment.encode(), connection[1])
print(acknowledgment)
print('Sent acknowledgment to both X and Y')
serverSocket.close()
