# note: each client is greeted as soon as it has connected; what is relayed has a prefix and a line feed
# options: --greeting
import select
import sys
from socket import create_server

server = create_server(('localhost', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
connections = []
for name in ('X', 'Y'):
    connection, address = server.accept()
    connection.sendall(f'Client {name} connected\n'.encode())
    print(f'Client {name} connected from {address}', flush=True)
    connections.append(connection)

over = False
while not over:
    readable, _, _ = select.select(connections, [], [])
    for connection in readable:
        me = connections.index(connection)
        data = connection.recv(1024)
        if data == b'':
            over = True
            break
        for line in data.decode().strip().split('\n'):
            print('XY'[me] + ': ' + line, flush=True)
            connections[1 - me].sendall(('XY'[me] + ': ' + line + '\n').encode())
            if line == 'Bye':
                over = True

for connection in connections:
    connection.close()
print('Bye was said, the chat is over')
