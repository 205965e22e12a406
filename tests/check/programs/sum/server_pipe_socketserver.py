# again: like another
# note: speaks NAME|NUMBER
import random
import socketserver
import sys
import threading

NAME = 'Pipe Server'


class SumHandler(socketserver.BaseRequestHandler):
    def handle(self):
        name, number = self.request.recv(1024).decode().strip().split('|')
        number = int(number)
        print(f'{self.client_address} is {name} with {number}', flush=True)
        if number < 1 or number > 100:
            print('out of range, shutting down', flush=True)
            threading.Thread(target=self.server.shutdown).start()
            return
        mine = random.randint(1, 100)
        print(f'{NAME} has {mine}, the sum is {number + mine}', flush=True)
        self.request.sendall(f'{NAME}|{mine}'.encode())


socketserver.ThreadingTCPServer.allow_reuse_address = True
port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
with socketserver.ThreadingTCPServer(('localhost', port), SumHandler) as server:
    print('waiting for clients', flush=True)
    server.serve_forever(poll_interval=0.1)
