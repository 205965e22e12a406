# again: like another
# note: the server speaks first; both ends of the chat have a label
# options: --greeting
import asyncio
import os
import sys


async def listen(reader, other):
    while data := await reader.read(2048):
        text = data.decode().strip()
        print(f"{other}: {text}", flush=True)
        if text.lower() == "bye":
            break
    os._exit(0)


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    greeting = (await reader.read(1024)).decode().strip()
    print(greeting, flush=True)
    me, other = ("X", "Y") if "X" in greeting else ("Y", "X")
    asyncio.create_task(listen(reader, other))
    loop = asyncio.get_running_loop()
    while True:
        text = (await loop.run_in_executor(None, sys.stdin.readline)).strip() or "Bye"
        writer.write(text.encode())
        await writer.drain()
        print(f"{me}: {text}", flush=True)
        if text.lower() == "bye":
            os._exit(0)


asyncio.run(main())
