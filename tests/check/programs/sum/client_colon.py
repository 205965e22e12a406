# again: like another
# note: speaks NAME:NUMBER
import socket
import sys

NAME = "colon client"
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
number = int(input("1-100: "))
s.connect(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
s.sendall((NAME + ":" + str(number)).encode())
answer = s.recv(100).decode().strip()
s.close()
if answer:
    other_name, _, other_number = answer.rpartition(":")
    print(f"{NAME} ({number}) + {other_name} ({other_number}) = {number + int(other_number)}")
else:
    print(number, "is not between 1 and 100")
