# again: like another
# note: each client is greeted as soon as it has connected, with a line feed
# options: --greeting
import select
import sys
from socket import *

server = create_server(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
print('waiting for two clients')

clients = {}                    # connection: letter
for letter in 'XY':
    connection, address = server.accept()
    clients[connection] = letter
    connection.sendall(f'Client {letter} connected\n'.encode())
    print('client', letter, 'is', address)

messages = []
while len(messages) < 2:
    waiting = [c for c in clients if c not in [m[0] for m in messages]]
    for connection in select.select(waiting, [], [])[0]:
        text = connection.recv(2048).decode().rstrip('\n')
        print('client', clients[connection], 'says', text)
        messages.append((connection, f'{clients[connection]}: {text}'))

reply = messages[0][1] + ' received before ' + messages[1][1] + '\n'
for connection in clients:
    connection.sendall(reply.encode())
    connection.close()
print(reply.strip())
print('Sent acknowledgment to both X and Y')
