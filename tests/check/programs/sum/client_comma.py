# again: like another
# note: speaks NAME,NUMBER
from socket import *
import sys

clientName = 'Client of Bob'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
number = int(input('Enter an integer between 1 and 100: '))

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', serverPort))
clientSocket.send((clientName + ',' + str(number)).encode())
reply = clientSocket.recv(1024).decode()
clientSocket.close()
if reply == '':
    print('The number was out of range, the server has terminated')
else:
    fields = reply.split(',')
    print("Client's name:", clientName)
    print("Server's name:", fields[0])
    print("Client's number:", number)
    print("Server's number:", fields[1])
    print("Sum:", number + int(fields[1]))
