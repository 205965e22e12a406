# mode: chat
# end: client
# verdict: wrong
# mistake: It has to speak and to listen in turns.
# fails: one after the other|shown at once|in turns|alternat
# again: like another of this folder
# note: the server speaks first; no name is asked, whatever is typed is a message
# options: --greeting
import sys
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
print('From Server:', clientSocket.recv(1024).decode().strip(), flush=True)


while True:
    message = input('Enter message: ')
    clientSocket.send(message.encode())
    print('Sent:', message, flush=True)
    if message.lower() == 'bye':
        break
    data = clientSocket.recv(1024)
    if not data:
        print('disconnected', flush=True)
        break
    print('Received:', data.decode().strip(), flush=True)
