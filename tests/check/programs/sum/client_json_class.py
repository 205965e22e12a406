# again: like another
# note: speaks {"client_name": "NAME", "client_number": NUMBER} with a line feed; connects before it asks, waits for the end of the stream
import json
import sys
from socket import create_connection


class SumClient:
    def __init__(self, name, port):
        self.name = name
        self.connection = create_connection(('localhost', port))

    def exchange(self, number):
        request = json.dumps({'client_name': self.name, 'client_number': number})
        self.connection.sendall(request.encode() + b'\n')
        data = b''
        while part := self.connection.recv(100):
            data += part
        return json.loads(data) if data else None

    def run(self):
        number = int(input('Your number, please (1-100)\n'))
        reply = self.exchange(number)
        if reply is None:
            print('The server has closed the connection: out of range')
            return
        theirs = reply['server_number']
        if reply.get('sum', number + theirs) != number + theirs:
            sys.exit('the sum of the server is wrong')
        print('Client:', self.name, 'Server:', reply['server_name'])
        print(number, '+', theirs, '=', number + theirs)


SumClient('Ann', int(sys.argv[1]) if len(sys.argv) > 1 else 8000).run()
