# mode: chat
# end: client
# verdict: wrong
# mistake: Only the first message of the partner is printed.
# fails: shown|prints? what|printed|two messages
# again: like another of this folder
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
    for _ in range(2):    # the acknowledgment and the answer
        try:
            message = clientSocket.recv(1024).decode().strip()
        except OSError:
            message = ''
        if message == '':
            os._exit(0)
        print(other + ': ' + message, flush=True)
        if message == 'Bye':
            os._exit(0)


threading.Thread(target=receive).start()
while True:
    message = input()
    clientSocket.send(message.encode())
    print(side + ': ' + message, flush=True)
    if message == 'Bye':
        break
