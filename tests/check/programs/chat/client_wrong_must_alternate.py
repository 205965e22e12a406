# mode: chat
# end: client
# verdict: wrong
# mistake: It has to speak and to listen in turns: after a message it waits for one of the partner.
# fails: one after the other|shown at once|in turns|alternat
from socket import *
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
side = input('Client (X or Y): ')
name = input('Your name: ')
other = 'Y' if side == 'X' else 'X'

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', serverPort))
introduction = 'Client ' + side + ': ' + name
clientSocket.send(introduction.encode())
print(introduction)


print(clientSocket.recv(1024).decode(), flush=True)
while True:
    message = input()
    clientSocket.send(message.encode())
    print(side + ': ' + message, flush=True)
    if message == 'Bye':
        break
    answer = clientSocket.recv(1024).decode().strip()
    print(other + ': ' + answer, flush=True)
    if answer in ('', 'Bye'):
        break
