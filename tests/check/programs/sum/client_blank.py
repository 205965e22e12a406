# again: like another
# note: speaks NAME NUMBER, the number after the last blank
import sys, socket

def ask():
    while True:
        try:
            return int(input("Enter number: "))
        except ValueError:
            print("that is not an integer")

n = ask()
sock = socket.socket()
sock.connect(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
sock.send("Eve {}".format(n).encode())
if n in range(1, 101):
    answer = sock.recv(1024).decode().strip()
    server_name, server_number = answer.rsplit(" ", 1)
    print("Eve has", n)
    print(server_name, "has", server_number)
    print("together that is", n + int(server_number))
else:
    print("number out of range")
sock.close()
