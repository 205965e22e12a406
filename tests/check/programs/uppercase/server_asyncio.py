# again: like another
# note: extra output around each message
import asyncio
import sys


class Uppercase(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
        self.count = 0
        print('The server is ready to receive', flush=True)

    def datagram_received(self, data, addr):
        self.count += 1
        message = data.decode('utf-8')
        print(f'#{self.count} from {addr}: {message}', flush=True)
        answer = message.upper()
        self.transport.sendto(answer.encode('utf-8'), addr)
        print(f'#{self.count} answered: {answer}', flush=True)
        if answer == 'QUIT':
            print('CONNECTION CLOSED\n=====\nThe server is ready to receive', flush=True)


async def main(port):
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Uppercase, local_addr=('127.0.0.1', port))
    await asyncio.Event().wait()

try:
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
except KeyboardInterrupt:
    print('bye')
