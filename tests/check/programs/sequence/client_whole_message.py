# note: the whole message is typed, such as Client X: Alice
import socket, sys

s = socket.socket()
s.connect(("localhost", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
text = input("Enter message (e.g. Client X: Alice): ")
s.send(text.encode())
reply = s.recv(1024).decode()
print("Message sent: " + text)
print("Reply received: " + reply)
s.close()
