"""The permission server with its numbers in a list: permission.py PORT"""
import re
import socket
import sys


def answer_to(port, message):
    if port == 1234:
        match = re.fullmatch("permission([0-9]+)", message, re.IGNORECASE)
        if match is None:
            return "Invalid Message"
        number = int(match.group(1))
        if number in permitted:
            return "Already Permitted"
        permitted.append(number)
        return "Permission Accepted"
    if port == 3333:
        match = re.fullmatch("request([0-9]+)", message, re.IGNORECASE)
        if match is None:
            return "Invalid Message"
        number = int(match.group(1))
        return "Request Accepted" if number in permitted else "Request Rejected"
    return "Port is not allowed to communicate"


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
permitted = []
clients = []
while len(clients) < 4:
    data, client = server.recvfrom(2048)
    message = data.decode()
    host, port = client
    print(f"{message} from {host}:{port}")
    server.sendto(answer_to(port, message).encode(), client)
    if client not in clients:
        clients.append(client)
server.close()
