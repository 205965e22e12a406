# mode: chat
# end: client
# verdict: wrong
# mistake: What the partner says is shown only after the user has pressed Enter.
# fails: at once|while .* waits|without
from socket import *
import select
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


while True:
    message = input()
    clientSocket.send(message.encode())
    print(side + ': ' + message, flush=True)
    while select.select([clientSocket], [], [], 0)[0] and message != 'Bye':
        answer = clientSocket.recv(1024).decode().strip()
        print(other + ': ' + answer, flush=True)
        if answer in ('', 'Bye'):
            message = 'Bye'
    if message == 'Bye':
        break
