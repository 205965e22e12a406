# again: like another
# note: prints everything when both messages are there
import asyncio
import sys


class Sequence:
    def __init__(self):
        self.messages = []
        self.writers = []
        self.done = asyncio.Event()

    async def client(self, reader, writer):
        data = await reader.read(1024)
        self.messages.append(data.decode().rstrip("\r\n"))
        self.writers.append(writer)
        if len(self.messages) == 2:
            await self.acknowledge()

    async def acknowledge(self):
        parts = []
        for message in self.messages:
            print("from client:", message)
            side, name = message.split(":", 1)
            parts.append(side.split()[1] + ": " + name.strip())
        reply = " received before ".join(parts)
        for writer in self.writers:
            writer.write(reply.encode())
            await writer.drain()
        print("to clients:", reply)
        print("Sent acknowledgment to both X and Y", flush=True)
        for writer in self.writers:
            writer.close()
        self.done.set()


async def main(port):
    sequence = Sequence()
    server = await asyncio.start_server(sequence.client, "127.0.0.1", port)
    print("listening", flush=True)
    await sequence.done.wait()
    server.close()

asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
