# again: like another
# note: speaks NAME,NUMBER; takes a third field of the reply for the sum
import sys
from socket import socket

sock = socket()
sock.connect(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
number = input('Enter an integer between 1 and 100: ')
sock.sendall(f'Summing Client,{number}'.encode())
if 1 <= int(number) <= 100:
    name, theirs, *rest = sock.recv(1024).decode().strip().split(',')
    total = int(number) + int(theirs)
    print(f'Client Name: Summing Client | Server Name: {name}')
    print(f'Client Number: {number} | Server Number: {theirs} | Sum: {total}')
    if rest and int(rest[0]) != total:
        print('The sum of the server is another!')
else:
    print('Out of range, terminating')
sock.close()
