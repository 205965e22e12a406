# note: the fourth client is answered; numbers are kept as text, so 007 is not 7
import re
import sys
from socket import *

serverPort = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('127.0.0.1', serverPort))
print('The server is ready to receive')

permitted = []   # numbers permitted so far
clients = []     # every client that has sent something

while len(clients) < 4:
    data, address = serverSocket.recvfrom(2048)
    message = data.decode()
    print('Message:', message, 'Address:', address)
    if address not in clients:
        clients.append(address)

    if address[1] == 1234:
        match = re.match(r'permission([0-9]+)$', message, re.IGNORECASE)
        if not match:
            answer = 'Invalid Message'
        elif match.group(1) in permitted:
            answer = 'Already Permitted'
        else:
            permitted.append(match.group(1))
            answer = 'Permission Accepted'
    elif address[1] == 3333:
        match = re.match(r'request([0-9]+)$', message, re.IGNORECASE)
        if not match:
            answer = 'Invalid Message'
        elif match.group(1) in permitted:
            answer = 'Request Accepted'
        else:
            answer = 'Request Rejected'
    else:
        answer = 'Port is not allowed to communicate'
    serverSocket.sendto(answer.encode(), address)

serverSocket.close()
print('4 clients reached, server closed')
