# again: like another
# note: asks for the server's address before its own port
import socket

ip = input("Enter server IP: ")
server_port = int(input("Enter server port number: "))
own_port = int(input("Enter client port number: "))
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", own_port))
answer = ""
while answer != "Port is not allowed to communicate":
    text = input("Enter your message: ")
    sock.sendto(text.encode(), (ip, server_port))
    answer = sock.recv(1024).decode()
    print("Server says:", answer)
sock.close()
