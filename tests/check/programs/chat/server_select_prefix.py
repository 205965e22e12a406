# again: like another
# note: what is relayed has a prefix, as in X: hello
import select
import socket
import sys

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
listener = socket.create_server(("127.0.0.1", PORT))
print("chat server on port", PORT)

sides = {}         # connection: 'X' or 'Y'
intros = []        # introductions in order
sockets = [listener]


def say(connection, text):
    connection.sendall(text.encode())


running = True
while running:
    for s in select.select(sockets, [], [])[0]:
        if s is listener:
            connection, _ = listener.accept()
            sockets.append(connection)
            continue
        text = s.recv(4096).decode().strip()
        if text == "":
            running = False
        elif s not in sides:
            print(text)
            sides[s] = text[7]
            intros.append(text[7:])
            if len(intros) == 2:
                for c in sides:
                    say(c, intros[0] + " received before " + intros[1])
        else:
            line = sides[s] + ": " + text
            print(line)
            for other in sides:
                if other is not s:
                    say(other, line)
            running = text.lower() != "bye"
        if not running:
            break
for s in sockets:
    s.close()
