# again: like another
# note: speaks {"name": "NAME", "number": NUMBER}
import asyncio
import json
import random
import sys

finished = asyncio.Event()
SERVER = 'Asyncio Server'


async def client(reader, writer):
    request = json.loads(await reader.read(2048))
    name, number = request['name'], int(request['number'])
    if 0 < number < 101:
        answer = {'name': SERVER, 'number': random.randint(1, 100)}
        total = number + answer['number']
        print(f'{name} ({number}) and {SERVER} ({answer["number"]}) make {total}', flush=True)
        writer.write(json.dumps(answer).encode())
        await writer.drain()
    else:
        print(f'{number} is out of range', flush=True)
        finished.set()
    writer.close()


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    server = await asyncio.start_server(client, '127.0.0.1', port)
    await finished.wait()
    server.close()

asyncio.run(main())
