# mode: permission
# end: client
# verdict: wrong
# mistake: The program ends when nobody presses a key for five seconds.
# fails: take their time|pause|timeout|five seconds
from socket import *
import signal
import sys

serverName = '127.0.0.1'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000

clientPort = int(input('Enter the client port number: '))
clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.bind(('127.0.0.1', clientPort))

while True:
    signal.alarm(5)   # do not wait for ever
    message = input('Enter a message: ')
    signal.alarm(0)
    clientSocket.sendto(message.encode(), (serverName, serverPort))
    response, serverAddress = clientSocket.recvfrom(2048)
    print(response.decode())
    if response.decode() == 'Port is not allowed to communicate':
        clientSocket.close()
        break
