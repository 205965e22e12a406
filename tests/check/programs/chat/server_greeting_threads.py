# again: like another
# note: the server speaks first; the relay begins with the greetings
# options: --greeting
import socket
import sys
import threading

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
server.listen(2)
print("The server is waiting to receive 2 connections....")
x, _ = server.accept()
print("Accepted first connection, calling it client X")
y, _ = server.accept()
print("Accepted second connection, calling it client Y")
x.send(b"Client X connected")
y.send(b"Client Y connected")


def chat(sender, receiver, name):
    while True:
        message = sender.recv(2048).decode()
        if not message:
            break
        print(name + ": " + message)
        receiver.send(message.encode())
        if message.strip() == "Bye":
            break
    for connection in (x, y):
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


one = threading.Thread(target=chat, args=(x, y, "X"))
two = threading.Thread(target=chat, args=(y, x, "Y"))
one.start()
two.start()
one.join()
two.join()
server.close()
