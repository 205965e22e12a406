# mode: uppercase
# end: server
# verdict: wrong
# mistake: Whatever is not a letter is dropped from the answer.
# fails: digits, blanks|digits|marks
# again: like another of this folder
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
    modified = ''.join(c for c in message.upper() if c.isalpha())
    if modified == "QUIT":
        print("CONNECTION CLOSED")
        print("=====")
        print("the server is ready to recieve")
    serverSocket.sendto(modified.encode("UTF-8"), clientAddress)
