# mode: uppercase
# end: server
# verdict: wrong
# mistake: It uses a TCP socket instead of a UDP socket.
# fails: tcp|udp|in upper case
# again: like another of this folder
import socket
import sys

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
serverSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
serverSocket.bind(('', serverPort))
print("the server is ready to recieve")
serverSocket.listen(1)
while 1:
    connection, clientAddress = serverSocket.accept()
    data = connection.recv(2048)
    message = data.decode("UTF-8")
    print(message)
    modified = message.upper()
    if modified == "QUIT":
        print("CONNECTION CLOSED")
        print("=====")
        print("the server is ready to recieve")
    connection.send(modified.encode("UTF-8"))
