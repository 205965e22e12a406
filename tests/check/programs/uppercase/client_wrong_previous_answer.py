# mode: uppercase
# end: client
# verdict: wrong
# mistake: It prints the answer to the sentence before.
# fails: answers are printed|what the server answered
# again: like another of this folder
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
last = ''
while sentence.lower() != 'quit':
    sentence = input('Input lowercase sentence: ')
    print(last)
    last = convert(sentence)
print('CONNECTION CLOSED')
