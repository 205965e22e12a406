# again: like another
# note: goes on after its own Bye until the server closes
import asyncio
import os
import sys


async def hear(reader):
    while data := await reader.read(1024):
        for line in data.decode().splitlines():
            print("received:", line, flush=True)


async def speak(writer):
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        text = line.strip() if line else "Bye"
        writer.write(text.encode())
        await writer.drain()
        print("sent:", text, flush=True)
        if text == "Bye":
            return


async def main():
    side = input("Which client is this, X or Y? ")
    name = input("What is your name? ")
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"Client {side}: {name}".encode())
    asyncio.create_task(speak(writer))
    await hear(reader)
    print("connection closed", flush=True)
    os._exit(0)          # the keyboard may still be waiting

asyncio.run(main())
