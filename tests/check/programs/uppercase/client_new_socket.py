# again: like another
# note: a new socket for each sentence, so each comes from another port
import sys
from socket import *

server = ('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000)


def convert(sentence):
    s = socket(AF_INET, SOCK_DGRAM)
    s.sendto(sentence.encode(), server)
    result = s.recvfrom(1024)[0].decode()
    s.close()
    return result


sentence = ''
while sentence.lower() != 'quit':
    sentence = input('Input lowercase sentence: ')
    print(convert(sentence))
print('CONNECTION CLOSED')
