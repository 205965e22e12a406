# again: like another
# note: goes on with the next pair after its pair; takes one and a half seconds to start
import re
import selectors
import socket
import sys
import time

MESSAGE = re.compile(r'Client\s+([XY])\s*:\s*(.+)', re.DOTALL)


class SequenceServer:
    def __init__(self, port):
        time.sleep(1.5)
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server(('127.0.0.1', port))
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)
        self.pair = []

    def accept(self, listener):
        connection, address = listener.accept()
        self.selector.register(connection, selectors.EVENT_READ, self.read)

    def read(self, connection):
        text = connection.recv(4096).decode()
        self.selector.unregister(connection)
        match = MESSAGE.match(text.strip())
        if match is None:
            connection.close()
            return
        print(text.strip(), flush=True)
        self.pair.append((connection, match.group(1), match.group(2)))
        if len(self.pair) == 2:
            self.acknowledge()

    def acknowledge(self):
        (c1, side1, name1), (c2, side2, name2) = self.pair
        reply = f'{side1}: {name1} received before {side2}: {name2}'
        for connection in (c1, c2):
            connection.sendall(reply.encode())
            connection.close()
        print(reply)
        print('Sent acknowledgment to both X and Y', flush=True)
        self.pair = []

    def run(self):
        while True:
            for key, _ in self.selector.select():
                key.data(key.fileobj)


SequenceServer(int(sys.argv[1]) if len(sys.argv) > 1 else 12000).run()
