# again: like another
# note: speaks NAME,NUMBER; the reply has the sum as its third field
import random
import socket
import sys

NAME = 'Summing Server'
with socket.create_server(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 8000)) as server:
    while True:
        connection, address = server.accept()
        with connection:
            client_name, text = connection.recv(1024).decode().split(',')
            client_number = int(text)
            if not 1 <= client_number <= 100:
                break
            server_number = random.randint(1, 100)
            total = client_number + server_number
            print(f'Client {client_name}: {client_number}')
            print(f'Server {NAME}: {server_number}')
            print(f'Sum: {total}', flush=True)
            connection.sendall(f'{NAME},{server_number},{total}'.encode())
