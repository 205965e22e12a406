# again: like another
# note: the server speaks first; lines in both directions
# options: --greeting
import select
import sys
import socket

s = socket.create_connection(('localhost', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
greeting = s.recv(1024).decode().strip()
print(greeting, flush=True)
me = 'X' if 'X' in greeting else 'Y'
while True:
    ready = select.select([s, sys.stdin], [], [])[0]
    if s in ready:
        text = s.recv(1024).decode()
        if text == '':
            print('The chat is over.')
            break
        print(text.strip(), flush=True)
    if sys.stdin in ready:
        line = sys.stdin.readline()
        if line == '':
            line = 'Bye\n'
        print(me + ': ' + line.strip(), flush=True)
        s.sendall(line.encode())
        if line.strip() == 'Bye':
            break
s.close()
