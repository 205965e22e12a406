# mode: uppercase
# end: client
# verdict: wrong
# mistake: It imports a module that does not exist: the program never starts.
# fails: comes to the server|no message|modul
# again: like another of this folder
import socket
import sys
import udpsocket

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
