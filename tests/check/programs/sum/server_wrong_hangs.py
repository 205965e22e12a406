# mode: sum
# end: server
# verdict: wrong
# mistake: After the first client the server waits for Enter on its keyboard, and SIGTERM does not end it.
# fails: another client|next client|second client|hang
# again: like another of this folder
# note: speaks NAME;NUMBER with a line feed, and needs one
import random
import signal
import socket
import sys
import time


class SumServer:
    NAME = "SemicolonServer"

    def __init__(self, port):
        print("starting up, please wait")
        time.sleep(0.2)
        self.listener = socket.create_server(("127.0.0.1", port))

    def serve(self):
        while True:
            connection, address = self.listener.accept()
            with connection, connection.makefile("rw", encoding="utf-8") as stream:
                name, number = stream.readline().rstrip().split(";")
                if int(number) not in range(1, 101):
                    print(name, "sent", number, "- good bye")
                    return
                mine = random.randrange(1, 101)
                stream.write(f"{self.NAME};{mine}\n")
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                print(f"{name} + {self.NAME}: {number} + {mine} = {int(number) + mine}", flush=True)
            signal.pause()


SumServer(int(sys.argv[1]) if len(sys.argv) > 1 else 8000).serve()
