# again: like another
# note: asks for the name first and for the side then
import asyncio
import sys


async def main():
    name = input('Please enter your name: ')
    side = input('Please enter X or Y: ')
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    message = f'Client {side}: {name}'
    writer.write(message.encode())
    await writer.drain()
    reply = await reader.read(1024)
    print(f'message: {message}')
    print(f'reply:   {reply.decode().strip()}')
    writer.close()

asyncio.run(main())
