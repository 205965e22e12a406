# mode: uppercase
# end: server
# verdict: wrong
# mistake: The address of the first client is kept, and every answer is sent there.
# fails: its own message|each client|another client|two clients
# again: like another of this folder
import socket
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
serverSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
serverSocket.bind(('', serverPort))
print("the server is ready to recieve")
clientAddress = None
while 1:
    data, address = serverSocket.recvfrom(2048)
    if clientAddress is None:
        clientAddress = address
    message = data.decode("UTF-8")
    print(message)
    modified = message.upper()
    if modified == "QUIT":
        print("CONNECTION CLOSED")
        print("=====")
        print("the server is ready to recieve")
    serverSocket.sendto(modified.encode("UTF-8"), clientAddress)
