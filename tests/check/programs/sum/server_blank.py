# again: like another
# note: speaks NAME NUMBER, the number after the last blank
import select
import sys
import socket

MY_NAME = "Eve's server"
MY_NUMBER = 50

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
listener.listen(10)
sockets = [listener]
print("listening")
terminated = False
while not terminated:
    for s in select.select(sockets, [], [])[0]:
        if s is listener:
            sockets.append(listener.accept()[0])
            continue
        name, number = s.recv(512).decode().rsplit(" ", 1)
        number = int(number)
        terminated = not 1 <= number <= 100
        if not terminated:
            print("names:   %s, %s" % (name, MY_NAME))
            print("numbers: %d + %d = %d" % (number, MY_NUMBER, number + MY_NUMBER))
            s.send(("%s %d" % (MY_NAME, MY_NUMBER)).encode())
        s.close()
        sockets.remove(s)
listener.close()
print("terminated")
