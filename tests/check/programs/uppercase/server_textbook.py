# again: like another
import socket
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
serverSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
serverSocket.bind(('', serverPort))
print("the server is ready to recieve")
while 1:
    data, clientAddress = serverSocket.recvfrom(2048)
    message = data.decode("UTF-8")
    print(message)
    modified = message.upper()
    if modified == "QUIT":
        print("CONNECTION CLOSED")
        print("=====")
        print("the server is ready to recieve")
    serverSocket.sendto(modified.encode("UTF-8"), clientAddress)
