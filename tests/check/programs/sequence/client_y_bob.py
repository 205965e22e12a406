# note: side Y and the name Bob are hard-coded; nothing is typed
import sys
from socket import *

message = 'Client Y: Bob'
s = socket(AF_INET, SOCK_STREAM)
s.connect(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
s.send(message.encode())
answer = s.recv(1024).decode()
s.close()
print(message)
print(answer)
