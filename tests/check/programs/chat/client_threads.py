from socket import *
import os
import sys
import threading

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
side = input('Client (X or Y): ')
name = input('Your name: ')
other = 'Y' if side == 'X' else 'X'

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', serverPort))
introduction = 'Client ' + side + ': ' + name
clientSocket.send(introduction.encode())
print(introduction)


def receive():
    while True:
        try:
            message = clientSocket.recv(1024).decode().strip()
        except OSError:
            message = ''
        if message == '':
            break
        print(other + ': ' + message, flush=True)
        if message == 'Bye':
            break
    os._exit(0)


threading.Thread(target=receive).start()
while True:
    message = input()
    clientSocket.send(message.encode())
    print(side + ': ' + message, flush=True)
    if message == 'Bye':
        break
