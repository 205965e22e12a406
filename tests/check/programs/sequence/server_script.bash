# again: like another
# note: a script that starts the server without exec
echo "starting the server"
python3 -u -c '
import select, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
clients = [listener.accept()[0] for _ in "XY"]
order = []
while len(order) < 2:
    for c in select.select([c for c in clients if c not in dict(order)], [], [])[0]:
        order.append((c, c.recv(1024).decode()))
        print(order[-1][1])
ack = " received before ".join(text.replace("Client ", "") for _, text in order)
for c in clients:
    c.sendall(ack.encode())
print(ack)
print("Sent acknowledgment to both X and Y")
' "${1:-12000}"
echo "the server has ended"
