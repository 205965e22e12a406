# mode: uppercase
# end: client
# verdict: wrong
# mistake: It prints the upper case that it made itself, without waiting for the server.
# fails: what the server answered|answers are printed|receive
import socket
import sys

serverName = 'localhost'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
clientSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

while 1:
    message = input('Input lowercase sentence: ')
    clientSocket.sendto(message.encode('UTF-8'), (serverName, serverPort))
    print(message.upper())
    if message == "quit":
        clientSocket.close()
        print("CONNECTION CLOSED")
        break
