# again: like another
# note: speaks NAME,NUMBER
import random
import sys
from socket import *

serverName = 'Server of Bob'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('127.0.0.1', serverPort))
serverSocket.listen(1)
print('The server is ready to receive')
while True:
    connectionSocket, addr = serverSocket.accept()
    message = connectionSocket.recv(1024).decode()
    clientName, clientNumber = message.split(',')
    clientNumber = int(clientNumber)
    if clientNumber < 1 or clientNumber > 100:
        print('Number out of range, the server terminates')
        connectionSocket.close()
        break
    serverNumber = random.randint(1, 100)
    print("Client's name:", clientName)
    print("Server's name:", serverName)
    print("Client's number:", clientNumber)
    print("Server's number:", serverNumber)
    print("Sum:", clientNumber + serverNumber)
    connectionSocket.send((serverName + ',' + str(serverNumber)).encode())
    connectionSocket.close()
serverSocket.close()
