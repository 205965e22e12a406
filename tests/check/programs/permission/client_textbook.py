from socket import *
import sys

serverName = '127.0.0.1'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000

clientPort = int(input('Enter the client port number: '))
clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.bind(('127.0.0.1', clientPort))

while True:
    message = input('Enter a message: ')
    clientSocket.sendto(message.encode(), (serverName, serverPort))
    response, serverAddress = clientSocket.recvfrom(2048)
    print(response.decode())
    if response.decode() == 'Port is not allowed to communicate':
        clientSocket.close()
        break
