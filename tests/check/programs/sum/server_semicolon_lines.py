# again: like another
# note: speaks NAME;NUMBER with a line feed, and needs one; takes two seconds to start
import random
import socket
import sys
import time


class SumServer:
    NAME = "SemicolonServer"

    def __init__(self, port):
        print("starting up, please wait")
        time.sleep(2)
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
                print(f"{name} + {self.NAME}: {number} + {mine} = {int(number) + mine}")


SumServer(int(sys.argv[1]) if len(sys.argv) > 1 else 8000).serve()
