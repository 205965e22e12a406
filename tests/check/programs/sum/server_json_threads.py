# again: like another
# note: speaks {"client_name": "NAME", "client_number": NUMBER}; the server's number is always 10, and the sum is not sent
import json
import sys
import threading
from socket import *

stop = threading.Event()


def handle(connection):
    request = json.loads(connection.recv(4096).decode())
    n = request['client_number']
    if 1 <= n <= 100:
        print('Client name:', request['client_name'], '- Server name: Threaded server')
        print('Client number:', n, '- Server number: 10 - Sum:', n + 10, flush=True)
        connection.sendall(json.dumps({'server_name': 'Threaded server', 'server_number': 10}).encode())
    else:
        print('out of range:', n, flush=True)
        stop.set()
    connection.close()


server = socket(AF_INET, SOCK_STREAM)
server.bind(('', int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
server.listen()
server.settimeout(0.2)
print('Server is running', flush=True)
while not stop.is_set():
    try:
        connection, address = server.accept()
    except timeout:
        continue
    connection.settimeout(None)
    threading.Thread(target=handle, args=(connection,)).start()
server.close()
