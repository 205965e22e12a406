# mode: permission
# end: client
# verdict: wrong
# mistake: It uses a TCP socket instead of a UDP socket.
# fails: tcp|udp|comes to the server
# again: like another of this folder
from socket import *
import sys

serverName = '127.0.0.1'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000

clientPort = int(input('Enter the client port number: '))
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.bind(('127.0.0.1', clientPort))

clientSocket.connect((serverName, serverPort))
while True:
    message = input('Enter a message: ')
    clientSocket.send(message.encode())
    response, serverAddress = clientSocket.recvfrom(2048)
    print(response.decode())
    if response.decode() == 'Port is not allowed to communicate':
        clientSocket.close()
        break
