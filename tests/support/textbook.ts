/**
 * The assignments' programs as students write them, in Python: a few lines, no
 * line endings, and one `recv` taken for one message.
 *
 * Only two things differ from what would be handed in: a server takes a free
 * port and prints it, and a client is told the port.
 */

/** Prints the ready line as the text of its assignment spells it. */
export const UPPERCASE_SERVER = `
from socket import *
server = socket(AF_INET, SOCK_DGRAM)
server.bind(('127.0.0.1', 0))
print('port', server.getsockname()[1])
print('the server is ready to recieve')
while True:
    data, client = server.recvfrom(2048)
    text = data.decode()
    print(text)
    answer = text.upper()
    if answer == 'QUIT':
        print('CONNECTION CLOSED', '=====', 'the server is ready to recieve', sep='\\n')
    server.sendto(answer.encode(), client)
`;

export const uppercaseClient = (port: number) => `
from socket import *
client = socket(AF_INET, SOCK_DGRAM)
text = ''
while text != 'quit':
    text = input('Input lowercase sentence: ')
    client.sendto(text.encode(), ('localhost', ${port}))
    print(client.recv(2048).decode())
client.close()
print('CONNECTION CLOSED')
`;

export const PERMISSION_SERVER = `
import re
from socket import *
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('127.0.0.1', 0))
print('port', serverSocket.getsockname()[1])
permitted = []
clients = []
while len(clients) < 3:
    data, address = serverSocket.recvfrom(1024)
    message = data.decode()
    print(message, 'from', address)
    if address not in clients:
        clients.append(address)
    word = {1234: 'permission', 3333: 'request'}.get(address[1])
    match = word and re.match(word + r'(\\d+)$', message, re.IGNORECASE)
    if word is None:
        answer = 'Port is not allowed to communicate'
    elif not match:
        answer = 'Invalid Message'
    elif word == 'request':
        answer = 'Request ' + ('Accepted' if match[1] in permitted else 'Rejected')
    elif match[1] in permitted:
        answer = 'Already Permitted'
    else:
        permitted.append(match[1])
        answer = 'Permission Accepted'
    serverSocket.sendto(answer.encode(), address)
serverSocket.close()
`;

export const permissionClient = (port: number) => `
from socket import *
clientPort = int(input('Enter port: '))
clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.bind(('127.0.0.1', clientPort))
while True:
    message = input('Enter message: ')
    clientSocket.sendto(message.encode(), ('127.0.0.1', ${port}))
    response = clientSocket.recv(1024).decode()
    print(response)
    if response == 'Port is not allowed to communicate':
        break
clientSocket.close()
`;

/** `greeting` is what some servers say to each client that connects. */
export const sequenceServer = (greeting = "") => `
from socket import *
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('127.0.0.1', 0))
serverSocket.listen(2)
print('port', serverSocket.getsockname()[1])
connections = []
messages = []
for i in range(2):
    connection, address = serverSocket.accept()
    connection.send('${greeting}'.encode())
    message = connection.recv(1024).decode()
    print(message)
    connections.append(connection)
    messages.append(message[len('Client '):])
reply = messages[0] + ' received before ' + messages[1]
for connection in connections:
    connection.send(reply.encode())
print('Sent acknowledgment to both X and Y')
for connection in connections:
    connection.close()
`;

export const sequenceClient = (port: number, message: string) => `
from socket import *
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', ${port}))
clientSocket.send('${message}'.encode())
reply = clientSocket.recv(1024).decode()
print('${message}')
print(reply)
clientSocket.close()
`;

export const CHAT_SERVER = `
from socket import *
from threading import Thread
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('127.0.0.1', 0))
serverSocket.listen(2)
print('port', serverSocket.getsockname()[1])
first, address = serverSocket.accept()
firstMessage = first.recv(1024).decode()
print(firstMessage)
second, address = serverSocket.accept()
secondMessage = second.recv(1024).decode()
print(secondMessage)
reply = firstMessage[7:] + ' received before ' + secondMessage[7:]
first.send(reply.encode())
second.send(reply.encode())
def relay(source, destination):
    while True:
        message = source.recv(1024)
        if not message:
            break
        print(message.decode())
        destination.send(message)
        if message.decode() == 'Bye':
            first.shutdown(SHUT_RDWR)
            second.shutdown(SHUT_RDWR)
            break
threads = [Thread(target=relay, args=(first, second)),
           Thread(target=relay, args=(second, first))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
`;

/** `ending` is what the student puts after each message; most put nothing. */
export const chatClient = (port: number, introduction: string, ending = "") => `
import os, socket, threading
clientSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
clientSocket.connect(('localhost', ${port}))
clientSocket.send('${introduction}${ending}'.encode())
print('From server:', clientSocket.recv(1024).decode())
def receive():
    while True:
        message = clientSocket.recv(1024).decode()
        if not message:
            os._exit(0)
        print('Received:', message)
threading.Thread(target=receive, daemon=True).start()
while True:
    message = input()
    clientSocket.send((message + '${ending}').encode())
`;

/** `sum` is the reply's third field, which most leave out. */
export const sumServer = (sum = "") => `
import json, socket
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(('127.0.0.1', 0))
server.listen(5)
print('port', server.getsockname()[1])
while True:
    client, address = server.accept()
    data = json.loads(client.recv(1024).decode())
    number = data['client_number']
    if number < 1 or number > 100:
        print('Client int out of range:', number)
        client.close()
        break
    print('Sum:', number + 10)
    client.send(json.dumps({'server_name': 'Py', 'server_number': 10${sum}}).encode())
    client.close()
server.close()
`;

export const sumClient = (port: number, number: number) => `
import json, socket
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(('127.0.0.1', ${port}))
client.send(json.dumps({'client_name': 'Py', 'client_number': ${number}}).encode())
data = client.recv(1024).decode()
if data:
    reply = json.loads(data)
    print(reply['server_name'], ${number} + reply['server_number'])
client.close()
`;
