# mode: uppercase
# end: client
# verdict: wrong
# mistake: quit is a sentence like any other, and the program asks for the next.
# fails: ends the client|after quit
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
    if message == "exit":
        clientSocket.close()
        print("CONNECTION CLOSED")
        break
