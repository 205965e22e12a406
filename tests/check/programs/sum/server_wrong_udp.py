# mode: sum
# end: server
# verdict: wrong
# mistake: It uses a UDP socket instead of TCP connections.
# fails: replies with|tcp|udp|connect
# again: like another of this folder
# note: speaks NAME,NUMBER
import random
import sys
from socket import *

serverName = 'Server of Bob'
serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('127.0.0.1', serverPort))
print('The server is ready to receive')
while True:
    message, addr = serverSocket.recvfrom(1024)
    message = message.decode()
    clientName, clientNumber = message.split(',')
    clientNumber = int(clientNumber)
    if clientNumber < 1 or clientNumber > 100:
        print('Number out of range, the server terminates')
        break
    serverNumber = random.randint(1, 100)
    print("Client's name:", clientName)
    print("Server's name:", serverName)
    print("Client's number:", clientNumber)
    print("Server's number:", serverNumber)
    print("Sum:", clientNumber + serverNumber)
    serverSocket.sendto((serverName + ',' + str(serverNumber)).encode(), addr)
serverSocket.close()
