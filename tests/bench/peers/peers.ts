/**
 * The servers as plain loops, for machines that have no Python: what one
 * writes in Deno without a thought on speed. Each message is waited for, a
 * line is printed with `console.log`, and an answer is waited for, too.
 *
 *     deno run --allow-net=127.0.0.1 peers.ts MODE PORT
 */

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const hostname = "127.0.0.1";

/** Answers each datagram with what `answer` makes of it. */
async function answerDatagrams(
  port: number,
  answer: (message: string, clientPort: number) => string,
): Promise<void> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname, port });
  for await (const [bytes, client] of socket) {
    const message = decoder.decode(bytes);
    const text = answer(message, (client as Deno.NetAddr).port);
    await socket.send(encoder.encode(text), client);
  }
}

async function uppercase(port: number): Promise<void> {
  await answerDatagrams(port, (message) => {
    console.log(message);
    return message.toUpperCase();
  });
}

async function permission(port: number): Promise<void> {
  const permitted: number[] = [];
  await answerDatagrams(port, (message, clientPort) => {
    console.log(`${message} from ${hostname}:${clientPort}`);
    const number = Number(message.replace(/^(permission|request)/i, ""));
    const isPermitted = permitted.includes(number);
    if (clientPort === 3333) {
      return isPermitted ? "Request Accepted" : "Request Rejected";
    }
    if (isPermitted) return "Already Permitted";
    permitted.push(number);
    return "Permission Accepted";
  });
}

async function sum(port: number): Promise<void> {
  for await (const conn of Deno.listen({ hostname, port })) addNumbers(conn);
}

async function addNumbers(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1024);
  const count = await conn.read(buffer) ?? 0;
  const request = JSON.parse(decoder.decode(buffer.subarray(0, count)));
  const server_number = 1 + Math.floor(Math.random() * 100);
  const sum = request.client_number + server_number;
  console.log(`Client Name: ${request.client_name} | Server Name: Plain`);
  console.log(`Client Number: ${request.client_number} | Sum: ${sum}`);
  const reply = { server_name: "Plain", server_number, sum };
  await conn.write(encoder.encode(JSON.stringify(reply)));
  conn.close();
}

async function chat(port: number): Promise<void> {
  const listener = Deno.listen({ hostname, port });
  const first = await listener.accept();
  const second = await listener.accept();
  const firstLines = lines(first);
  const secondLines = lines(second);
  const one = await introduction(firstLines);
  const two = await introduction(secondLines);
  const acknowledgment = encoder.encode(`${one} received before ${two}\n`);
  await first.write(acknowledgment);
  await second.write(acknowledgment);
  relay(one.slice(0, 1), firstLines, second);
  relay(two.slice(0, 1), secondLines, first);
}

/** `X: Alice`, from `Client X: Alice`. */
async function introduction(from: AsyncIterator<string>): Promise<string> {
  const { value } = await from.next();
  return value.slice("Client ".length);
}

async function relay(
  side: string,
  from: AsyncIterable<string>,
  to: Deno.TcpConn,
): Promise<void> {
  for await (const message of from) {
    console.log(`${side}: ${message}`);
    await to.write(encoder.encode(message + "\n"));
  }
}

async function* lines(conn: Deno.TcpConn): AsyncGenerator<string> {
  const buffer = new Uint8Array(4096);
  let rest = "";
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const pieces = (rest + decoder.decode(buffer.subarray(0, count)))
      .split("\n");
    rest = pieces.pop() ?? "";
    yield* pieces;
  }
}

const servers: Record<string, (port: number) => Promise<void>> = {
  uppercase,
  permission,
  sum,
  chat,
};
const [mode = "", port] = Deno.args;
await servers[mode]?.(Number(port));
