# again: like another
from socket import *
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
side = input('Client (X or Y): ')
name = input('Your name: ')
message = 'Client ' + side + ': ' + name

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', serverPort))
clientSocket.send(message.encode())
reply = clientSocket.recv(1024)
print(message)
print(reply.decode())
clientSocket.close()
