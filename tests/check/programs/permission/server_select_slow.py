# note: takes two seconds to start, prints a lot; int() forgives blanks and signs
import select
import sys
import time
from socket import *

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 12000

print('*** CMPE 472 UDP PERMISSION SERVER ***')
time.sleep(2)

server = socket(AF_INET, SOCK_DGRAM)
server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
server.bind(('localhost', PORT))
print('listening on port', PORT)

permitted_list = []
client_list = []


def get_number(message, prefix):
    if message[:len(prefix)].lower() != prefix:
        raise ValueError('wrong prefix')
    return int(message[len(prefix):])


def process(message, port):
    try:
        if port == 1234:
            n = get_number(message, 'permission')
            if n in permitted_list:
                return 'Already Permitted'
            permitted_list.append(n)
            return 'Permission Accepted'
        if port == 3333:
            n = get_number(message, 'request')
            return 'Request Accepted' if n in permitted_list else 'Request Rejected'
        return 'Port is not allowed to communicate'
    except ValueError:
        return 'Invalid Message'


while len(client_list) < 4:
    readable, _, _ = select.select([server], [], [], 0.5)
    if not readable:
        continue
    data, address = server.recvfrom(4096)
    print('-' * 40)
    print('message :', data.decode())
    print('address :', address[0], 'port :', address[1])
    answer = process(data.decode(), address[1])
    print('answer  :', answer)
    print('permitted numbers :', permitted_list)
    server.sendto(answer.encode(), address)
    if address not in client_list:
        client_list.append(address)
        print('clients so far :', len(client_list))
server.close()
