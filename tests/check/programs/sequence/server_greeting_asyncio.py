# again: like another
# note: goes on with the next pair
# options: --greeting
import asyncio
import sys

waiting = []


async def serve_pair(x, y):
    clients = {'X': x, 'Y': y}
    for name, (reader, writer) in clients.items():
        writer.write(f'Client {name} connected'.encode())
    order = []

    async def hear(name):
        text = (await clients[name][0].read(1000)).decode().strip()
        order.append(f'{name}: {text}')
        print('received', order[-1], flush=True)

    await asyncio.gather(hear('X'), hear('Y'))
    for reader, writer in clients.values():
        writer.write(' received before '.join(order).encode())
        writer.close()
    print(*order, sep=' received before ')
    print('Sent acknowledgment to both X and Y', flush=True)


async def connected(reader, writer):
    waiting.append((reader, writer))
    if len(waiting) == 2:
        x, y = waiting
        waiting.clear()
        await serve_pair(x, y)


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
    server = await asyncio.start_server(connected, '127.0.0.1', port)
    print('ready', flush=True)
    await server.serve_forever()

asyncio.run(main())
