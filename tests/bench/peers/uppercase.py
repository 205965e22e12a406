"""The uppercase server as a textbook writes it: uppercase.py PORT"""
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
print("The server is ready to receive")
while True:
    data, client = server.recvfrom(2048)
    message = data.decode()
    print(message)
    answer = message.upper()
    if answer == "QUIT":
        print("CONNECTION CLOSED")
        print("=====")
        print("The server is ready to receive")
    server.sendto(answer.encode(), client)
