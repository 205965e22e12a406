# again: like another
# note: the server speaks first, and goes on with the next two clients after a chat
# options: --greeting
import asyncio
import sys

queue = []


async def relay(name, reader, other):
    while True:
        data = await reader.read(4096)
        print(f'{name}: {data.decode().rstrip()}', flush=True)
        other.write(data)
        if data == b'' or data.rstrip() == b'Bye':
            return


async def client_connected(reader, writer):
    queue.append((reader, writer))
    if len(queue) < 2:
        return
    (rx, wx), (ry, wy) = queue
    queue.clear()
    wx.write(b'Client X connected')
    wy.write(b'Client Y connected')
    tasks = [asyncio.create_task(relay('X', rx, wy)), asyncio.create_task(relay('Y', ry, wx))]
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    wx.close()
    wy.close()


async def main():
    server = await asyncio.start_server(
        client_connected, '127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 12000)
    print('The server is waiting to receive 2 connections', flush=True)
    await server.serve_forever()

asyncio.run(main())
