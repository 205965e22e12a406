# again: like another
# note: speaks NAME|NUMBER; closes its sending side after the request
import asyncio
import sys


async def main():
    number = int(input('Please type your number and press Enter: '))
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    writer.write(f'Pipe Client|{number}'.encode())
    writer.write_eof()
    answer = (await reader.read()).decode().strip()
    writer.close()
    if number < 1 or number > 100:
        print('Out of range.')
        return
    server, value = answer.split('|')
    print(f'Names: Pipe Client and {server}')
    print(f'Numbers: {number} and {value}')
    print(f'Sum: {number + int(value)}')

asyncio.run(main())
