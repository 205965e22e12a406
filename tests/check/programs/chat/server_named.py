# note: takes the first message of each for its name, and says nothing
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
print("waiting for two people")
people = []
for _ in range(2):
    connection, _ = listener.accept()
    name = connection.recv(1024).decode().strip()
    print(name, "has joined")
    people.append((connection, name))
listener.close()


def pass_on(connection, name, other):
    while data := connection.recv(4096):
        text = data.decode()
        print(f"{name}: {text}")
        other.sendall(data if text == "Bye" else f"{name}: {text}".encode())
        if text == "Bye":
            break
    for end in (connection, other):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


(x, x_name), (y, y_name) = people
threads = [threading.Thread(target=pass_on, args=each) for each in ((x, x_name, y), (y, y_name, x))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
