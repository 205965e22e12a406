# note: speaks {"client_name": "NAME", "client_number": NUMBER}
import json
import random
import socket
import sys

SERVER_NAME = "Server of John Q. Smith"
HOST = "127.0.0.1"
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 8000


def log(level, function, text):
    print(f"[{level}] [{function}]: {text}")


def handle_client(connection):
    """returns False when the server has to terminate"""
    data = json.loads(connection.recv(1024).decode())
    log("DEBUG", "handle_client", "Message recieved from client")
    name, number = data["client_name"], data["client_number"]
    if number < 1 or number > 100:
        log("WARNING", "handle_client", f"Client int out of range: {number}. Terminating the server.")
        return False
    mine = random.randint(1, 100)
    log("INFO", "handle_client", f"Client Name: {name} | Server Name: {SERVER_NAME}")
    log("INFO", "handle_client", f"Client Number: {number} | Server Number: {mine} | Sum: {number + mine}")
    reply = {"server_name": SERVER_NAME, "server_number": mine, "sum": number + mine}
    log("DEBUG", "handle_client", "Sending client response")
    connection.sendall(json.dumps(reply).encode())
    return True


def start_server():
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((HOST, PORT))
    server.listen(5)
    log("INFO", "start_server", f"{SERVER_NAME} started and listening on {HOST}:{PORT}")
    running = True
    while running:
        connection, address = server.accept()
        log("DEBUG", "start_server", f"Connection accepted from {address}")
        running = handle_client(connection)
        connection.close()
        log("DEBUG", "handle_client", "Client connection closed")
    server.close()


start_server()
