# note: speaks {"client_name": "NAME", "client_number": NUMBER}
import json
import socket
import sys

CLIENT_NAME = "Client of John Q. Smith"
SERVER = ("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000)


def send_message(number):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect(SERVER)
    print(f"[DEBUG] [send_message]: Connected to server at {SERVER[0]}:{SERVER[1]}")
    s.sendall(json.dumps({"client_name": CLIENT_NAME, "client_number": number}).encode())
    if number < 1 or number > 100:
        print("[WARNING] [send_message]: The integer input out of range. Terminating the server")
        s.close()
        return
    reply = json.loads(s.recv(1024).decode())
    total = number + reply["server_number"]
    print(f"[INFO] [send_message]: {CLIENT_NAME} | {reply['server_name']}")
    print(f"[INFO] [send_message]: Client Number: {number} | Server Number: {reply['server_number']} | Sum: {total}")
    s.close()


send_message(int(input("Enter an integer between 1 and 100: ")))
