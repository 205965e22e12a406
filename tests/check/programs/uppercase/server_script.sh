# note: a script that starts the server without exec
port=${1:-12000}
python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", int(sys.argv[1])))
print("The server is ready to receive")
while True:
    data, client = s.recvfrom(2048)
    print(data.decode())
    if data.upper() == b"QUIT":
        print("CONNECTION CLOSED")
        print("=====")
        print("The server is ready to receive")
    s.sendto(data.decode().upper().encode(), client)
' "$port"
echo "the server has ended with status $?"
