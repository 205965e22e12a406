# again: like another
# note: a thread receives; the keyboard waits until the answer has been printed
import queue
import socket
import sys
import threading

answers = queue.Queue()


def receiver(sock):
    while True:
        try:
            data, addr = sock.recvfrom(1024)
        except OSError:
            return
        answers.put(data.decode())


server = ('localhost', int(sys.argv[1]) if len(sys.argv) > 1 else 12000)
port = input('Which port should this client use (1234 = permission, 3333 = request)? ')
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(('localhost', int(port)))
threading.Thread(target=receiver, args=(sock,), daemon=True).start()

while True:
    text = input('Write your message and press enter\n')
    sock.sendto(bytes(text, 'utf-8'), server)
    answer = answers.get()
    print('<<<', answer, flush=True)
    if answer.startswith('Port is not allowed'):
        break
sock.close()
sys.exit(0)
