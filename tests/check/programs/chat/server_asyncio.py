# again: like another
# note: goes on with the next two clients after a chat
import asyncio
import sys


class Chat:
    def __init__(self):
        self.members = {}                     # writer: introduction
        self.complete = asyncio.Event()

    async def join(self, reader, writer):
        intro = (await reader.read(1024)).decode().strip()
        print(intro, flush=True)
        self.members[writer] = intro[7:]
        if len(self.members) == 2:
            text = " received before ".join(self.members.values())
            for w in self.members:
                w.write(text.encode())
            print(text, flush=True)
            self.complete.set()
        await self.complete.wait()
        await self.relay(reader, writer)

    async def relay(self, reader, writer):
        (other,) = [w for w in self.members if w is not writer]
        while data := await reader.read(1024):
            print(f"{self.members[writer][0]}: {data.decode().strip()}", flush=True)
            other.write(data)
            await other.drain()
            if data.strip() == b"Bye":
                break
        other.close()
        writer.close()


waiting = []


async def connected(reader, writer):
    if not waiting:
        waiting.append(Chat())
        chat = waiting[0]
    else:
        chat = waiting.pop()
    await chat.join(reader, writer)


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
    async with await asyncio.start_server(connected, "127.0.0.1", port) as server:
        await server.serve_forever()

asyncio.run(main())
