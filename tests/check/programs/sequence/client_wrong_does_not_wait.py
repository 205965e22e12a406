# mode: sequence
# end: client
# verdict: wrong
# mistake: It closes its connection after it has sent its message, without waiting for the reply.
# fails: waits for the reply
from socket import *
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
side = input('Client (X or Y): ')
name = input('Your name: ')
message = 'Client ' + side + ': ' + name

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', serverPort))
clientSocket.send(message.encode())
print(message)
clientSocket.close()
