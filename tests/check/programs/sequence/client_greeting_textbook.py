# note: the server speaks first
# options: --greeting
from socket import *
import sys

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
greeting = clientSocket.recv(1024).decode()
print('From Server: ' + greeting)
message = input('Enter message to send to server: ')
clientSocket.send(message.encode())
reply = clientSocket.recv(1024).decode()
print('Sent: ' + message)
print('From Server: ' + reply)
clientSocket.close()
