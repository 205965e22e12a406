# again: like another
# note: the acknowledgment has a prefix; the text says only what it should contain
import queue
import socket
import sys
import threading

inbox = queue.Queue()


def reader(conn):
    text = conn.recv(1024).decode().strip()
    inbox.put((text, conn))


def acceptor(server):
    while True:
        try:
            conn, addr = server.accept()
        except OSError:
            return
        threading.Thread(target=reader, args=(conn,), daemon=True).start()


server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
server.listen()
threading.Thread(target=acceptor, args=(server,), daemon=True).start()

text1, conn1 = inbox.get()
print("First message:  " + text1)
text2, conn2 = inbox.get()
print("Second message: " + text2)
reply = "From Server: " + text1[7:] + " received before " + text2[7:]
conn1.sendall(reply.encode())
conn2.sendall(reply.encode())
print(reply)
print("Sent acknowledgment to both X and Y")
for conn in (conn1, conn2):
    conn.shutdown(socket.SHUT_RDWR)
    conn.close()
server.close()
