# again: like another
import asyncio
import re
import sys


class PermissionProtocol(asyncio.DatagramProtocol):
    def __init__(self, finished):
        self.finished = finished
        self.permitted = set()
        self.clients = set()

    def connection_made(self, transport):
        self.transport = transport
        print("waiting for datagrams", flush=True)

    def datagram_received(self, data, addr):
        message = data.decode("utf-8", "replace")
        print(f"{message!r} from {addr[0]} port {addr[1]}", flush=True)
        self.transport.sendto(self.reply(message, addr[1]).encode(), addr)
        self.clients.add(addr)
        if len(self.clients) >= 4 and not self.finished.done():
            self.finished.set_result(True)

    def reply(self, message, port):
        if port not in (1234, 3333):
            return "Port is not allowed to communicate"
        word = "permission" if port == 1234 else "request"
        found = re.fullmatch(word + "([0-9]+)", message.strip(), re.IGNORECASE)
        if not found:
            return "Invalid Message"
        number = int(found[1])
        if word == "request":
            return "Request Accepted" if number in self.permitted else "Request Rejected"
        if number in self.permitted:
            return "Already Permitted"
        self.permitted.add(number)
        return "Permission Accepted"


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: PermissionProtocol(finished), local_addr=("127.0.0.1", port))
    await finished
    transport.close()

asyncio.run(main())
