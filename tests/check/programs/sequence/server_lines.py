# again: like another
# note: reads lines, so that it needs a client that ends its message with a line feed
# options: --framing line
import sys
import threading
from socket import *

server = socket(AF_INET, SOCK_STREAM)
server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
server.bind(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
server.listen(2)

arrived = []
turn = threading.Lock()


def read_line(stream):
    line = stream.readline().strip()
    with turn:
        arrived.append(line)
        print(line)


threads = []
streams = []
while len(threads) < 2:
    connection, _ = server.accept()
    stream = connection.makefile('rw')
    streams.append(stream)
    thread = threading.Thread(target=read_line, args=(stream,))
    threads.append(thread)
    thread.start()
for thread in threads:
    thread.join()

a, b = [line.removeprefix('Client ') for line in arrived]
for stream in streams:
    stream.write(f'{a} received before {b}\n')
    stream.flush()
print(f'{a} received before {b}')
print('Sent acknowledgment to both X and Y')
