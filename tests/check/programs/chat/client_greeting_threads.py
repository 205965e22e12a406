# again: like another
# note: the server speaks first; no name is asked, whatever is typed is a message
# options: --greeting
import os
import sys
import threading
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
print('From Server:', clientSocket.recv(1024).decode().strip(), flush=True)


def receiver():
    while True:
        data = clientSocket.recv(1024)
        if not data:
            print('disconnected', flush=True)
            os._exit(0)
        print('Received:', data.decode().strip(), flush=True)


threading.Thread(target=receiver, daemon=True).start()
while True:
    message = input('Enter message: ')
    clientSocket.send(message.encode())
    print('Sent:', message, flush=True)
    if message.lower() == 'bye':
        clientSocket.close()
        os._exit(0)
