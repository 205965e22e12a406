# again: like another
# note: every answer ends with a line feed
import re
import socketserver
import sys

FORMATS = {
    1234: re.compile(r'^permission(\d+)$', re.IGNORECASE),
    3333: re.compile(r'^request(\d+)$', re.IGNORECASE),
}


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        message = data.decode().rstrip('\r\n')
        print(message, 'from', '%s:%d' % self.client_address)
        self.server.clients.add(self.client_address)
        sock.sendto((self.answer(message) + '\n').encode(), self.client_address)

    def answer(self, message):
        port = self.client_address[1]
        if port not in FORMATS:
            return 'Port is not allowed to communicate'
        match = FORMATS[port].match(message)
        if match is None:
            return 'Invalid Message'
        known = int(match.group(1)) in self.server.permitted
        if port == 3333:
            return 'Request Accepted' if known else 'Request Rejected'
        self.server.permitted.add(int(match.group(1)))
        return 'Already Permitted' if known else 'Permission Accepted'


port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
with socketserver.UDPServer(('127.0.0.1', port), Handler) as server:
    server.permitted = set()
    server.clients = set()
    while len(server.clients) < 4:
        server.handle_request()
