import socket
import sys

serverName = 'localhost'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
clientSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

while 1:
    message = input('Input lowercase sentence: ')
    clientSocket.sendto(message.encode('UTF-8'), (serverName, serverPort))
    data, serverAddress = clientSocket.recvfrom(2048)
    print(data.decode('UTF-8'))
    if message == "quit":
        clientSocket.close()
        print("CONNECTION CLOSED")
        break
