# mode: sequence
# end: client
# verdict: wrong
# mistake: The program ends when nobody presses a key for five seconds.
# fails: user may take|timeout|pause
from socket import *
import signal
import sys

signal.alarm(5)   # give up when nothing is typed

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
side = input('Client (X or Y): ')
name = input('Your name: ')
signal.alarm(0)
message = 'Client ' + side + ': ' + name

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', serverPort))
clientSocket.send(message.encode())
reply = clientSocket.recv(1024)
print(message)
print(reply.decode())
clientSocket.close()
