# note: select() on the keyboard and the socket; sends line feeds; what was typed stands on the terminal and is not printed again
import select
import socket
import sys

side = input("X or Y? ").strip()
name = input("name? ").strip()
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
sock.sendall(f"Client {side}: {name}\n".encode())
print(f"Client {side}: {name}", flush=True)

keyboard = sys.stdin.fileno()
talking = True
while talking:
    ready, _, _ = select.select([keyboard, sock], [], [])
    if sock in ready:
        data = sock.recv(4096)
        if not data:
            break
        print(">", data.decode().rstrip("\n"), flush=True)
        talking = data.decode().strip() != "Bye"
    elif keyboard in ready:
        line = sys.stdin.readline().rstrip("\n") or "Bye"
        sock.sendall((line + "\n").encode())
        talking = line != "Bye"
sock.close()
