"""The sum server with a thread for each connection: sum.py PORT"""
import json
import random
import socket
import sys
import threading

NAME = "Textbook Server"


def handle_client(connection):
    request = json.loads(connection.recv(1024).decode())
    print("[DEBUG] [handle_client]: Message recieved from client")
    name, number = request["client_name"], request["client_number"]
    own = random.randint(1, 100)
    total = number + own
    print(f"[INFO] [handle_client]: Client Name: {name} | Server Name: {NAME}")
    print(f"[INFO] [handle_client]: Client Number: {number} | Server Number: {own} | Sum: {total}")
    print("[DEBUG] [handle_client]: Sending client response")
    reply = {"server_name": NAME, "server_number": own, "sum": total}
    connection.send(json.dumps(reply).encode())
    connection.close()
    print("[DEBUG] [handle_client]: Client connection closed")


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(128)
while True:
    connection, address = server.accept()
    print(f"[DEBUG] [start_server]: Connection accepted from {address}")
    threading.Thread(target=handle_client, args=(connection,)).start()
