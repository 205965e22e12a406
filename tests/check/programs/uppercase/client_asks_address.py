# again: like another
# note: asks for the server's address and port first
from socket import *

server = input('Server IP address: ')
port = int(input('Server port: '))
s = socket(AF_INET, SOCK_DGRAM)
sentence = ''
while sentence.lower() != 'quit':
    sentence = input('Input lowercase sentence: ')
    s.sendto(sentence.encode(), (server, port))
    print(s.recvfrom(2048)[0].decode())
s.close()
print('CONNECTION CLOSED')
