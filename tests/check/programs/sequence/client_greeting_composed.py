# note: asks for the name before it connects, and composes its message itself
# options: --greeting
import sys
from socket import *

name = input('What is your name? ')
server = socket(AF_INET, SOCK_STREAM)
server.connect(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
greeting = server.recv(1024).decode()
print('From server:', greeting)
side = greeting.split()[1]
message = f'Client {side}: {name}'
print('Sending:', message)
server.send(message.encode())
print('From server:', server.recv(1024).decode())
server.close()
