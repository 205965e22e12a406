# again: like another
import socketserver
import sys

READY = 'The server is ready to receive'


class UppercaseHandler(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        message = data.decode()
        print(message)
        if message.lower() == 'quit':
            print('CONNECTION CLOSED', '=====', READY, sep='\n')
        sock.sendto(message.upper().encode(), self.client_address)


port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
socketserver.UDPServer.max_packet_size = 65535
with socketserver.ThreadingUDPServer(('localhost', port), UppercaseHandler) as server:
    print(READY)
    server.serve_forever()
