# again: like another
# note: blanks around the message are forgiven; clients are counted by port
import sys
import socket as s

port = 12000
if len(sys.argv) == 2:
    port = int(sys.argv[1])

sock = s.socket(s.AF_INET, s.SOCK_DGRAM)
sock.bind(('', port))
print("UDP server up and listening")

numbers = []
ports_seen = set()


def check(text, keyword):
    """returns the number after the keyword, or None if the format is wrong"""
    text = text.strip().lower()
    if not text.startswith(keyword):
        return None
    number = text[len(keyword):]
    return number if number.isdigit() else None


while True:
    msg, (ip, client_port) = sock.recvfrom(1024)
    msg = msg.decode('utf-8')
    print("Received message:", msg)
    print("Client IP:", ip, "Client port:", client_port)

    if client_port == 1234:
        n = check(msg, "permission")
        if n is None:
            response = "Invalid Message"
        elif n in numbers:
            response = "Already Permitted"
        else:
            numbers.append(n)
            response = "Permission Accepted"
    elif client_port == 3333:
        n = check(msg, "request")
        if n is None:
            response = "Invalid Message"
        else:
            response = "Request Accepted" if n in numbers else "Request Rejected"
    else:
        response = "Port is not allowed to communicate"

    sock.sendto(response.encode('utf-8'), (ip, client_port))
    ports_seen.add(client_port)
    if len(ports_seen) >= 4:
        sock.close()
        sys.exit()
