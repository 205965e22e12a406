# again: like another
# note: speaks {"name": "NAME", "number": NUMBER}
import json
import socket
import sys
import threading

result = {}


def talk(number):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        s.connect(('localhost', int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
        s.sendall(json.dumps({'name': 'Threaded Client', 'number': number}).encode())
        data = s.recv(2048)
        if data:
            result.update(json.loads(data))


number = int(input('Number: '))
thread = threading.Thread(target=talk, args=(number,))
thread.start()
thread.join()
if result:
    print('Threaded Client', 'and', result['name'])
    print('%d + %d = %d' % (number, result['number'], number + result['number']))
else:
    print('no answer, the server is down')
