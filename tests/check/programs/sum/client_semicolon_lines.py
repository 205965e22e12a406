# again: like another
# note: speaks NAME;NUMBER with a line feed; starts after a second
import socket
import sys
import time

time.sleep(1)
number = input("number between 1 and 100> ")
with socket.create_connection(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000)) as s:
    stream = s.makefile("rw")
    stream.write("SemicolonClient;" + number + "\n")
    stream.flush()
    if not 1 <= int(number) <= 100:
        sys.exit("out of range, this ends the server and the client")
    name, other = stream.readline().strip().split(";")
    print("SemicolonClient", number)
    print(name, other)
    print("sum", int(number) + int(other))
