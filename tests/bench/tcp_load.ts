/**
 * Load on a TCP server: connections that come and go (`sum`), and two clients
 * that talk through a relay (`chat`).
 *
 * The drivers look at bytes, not at messages: what arrived is complete when
 * as many bytes arrived as were sent.
 */
import { until, within } from "../support/harness.ts";

/** How long a server may take to accept its first connection, in milliseconds. */
const START_LIMIT = 10_000;
/** How long an answer may take, in milliseconds. */
const ANSWER_LIMIT = 10_000;
/** How much a driver writes and reads at once, in bytes. */
const CHUNK = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function connect(port: number): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  return conn;
}

/** Connects to a server that may have just been started. */
async function connectAtLast(port: number): Promise<Deno.TcpConn> {
  let conn: Deno.TcpConn | undefined;
  const isAccepted = async () => {
    conn = await connect(port).catch(() => undefined);
    return conn !== undefined;
  };
  await until(isAccepted, "a server that accepts", START_LIMIT);
  return conn!;
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

/** Waits until a server that was just started serves connections. */
export async function untilServing(port: number): Promise<void> {
  const conn = await connectAtLast(port);
  await askSum(conn, new Uint8Array(1024));
}

/**
 * Sends a number over connection after connection.
 *
 * @param atOnce how many connections are open at a time
 * @returns connections a second
 */
export async function sumConnections(
  port: number,
  atOnce: number,
  milliseconds: number,
): Promise<number> {
  const begun = performance.now();
  let answered = 0;
  const repeat = async () => {
    const buffer = new Uint8Array(1024);
    while (performance.now() < begun + milliseconds) {
      await askSum(await connect(port), buffer);
      answered++;
    }
  };
  const limit = milliseconds + ANSWER_LIMIT;
  const all = Promise.all(Array.from({ length: atOnce }, repeat));
  await within(all, "the answers of sum", limit);
  return answered / (performance.now() - begun) * 1000;
}

const REQUEST = encoder.encode(
  JSON.stringify({ client_name: "Bench", client_number: 25 }),
);

/** One whole connection: the request, the reply, and the server's close. */
async function askSum(conn: Deno.TcpConn, buffer: Uint8Array): Promise<void> {
  try {
    await writeAll(conn, REQUEST);
    let reply = "";
    for (;;) {
      const count = await conn.read(buffer);
      if (count === null) break;
      reply += decoder.decode(buffer.subarray(0, count));
    }
    if (!reply.includes('"sum"')) throw new Error(`A broken reply: ${reply}`);
  } finally {
    conn.close();
  }
}

/** Two clients of `chat` that have met. */
export class ChatPair implements Disposable {
  readonly #x: Deno.TcpConn;
  readonly #y: Deno.TcpConn;
  readonly #buffer = new Uint8Array(CHUNK);

  private constructor(x: Deno.TcpConn, y: Deno.TcpConn) {
    this.#x = x;
    this.#y = y;
  }

  /** Connects X, then Y; ends when both have been acknowledged. */
  static async open(port: number): Promise<ChatPair> {
    const x = await connectAtLast(port);
    const y = await connect(port);
    const pair = new ChatPair(x, y);
    try {
      await writeAll(x, encoder.encode("Client X: Alice\n"));
      await writeAll(y, encoder.encode("Client Y: Bob\n"));
      await pair.#readLine(x);
      await pair.#readLine(y);
    } catch (error) {
      pair[Symbol.dispose]();
      throw error;
    }
    return pair;
  }

  /**
   * X says as much as the relay takes; Y receives all of it.
   *
   * @param message one message with the line feed that ends it
   * @returns messages a second
   */
  async flood(message: string, milliseconds: number): Promise<number> {
    const text = message.repeat(Math.floor(CHUNK / message.length));
    const chunk = encoder.encode(text);
    const begun = performance.now();
    let sent = 0;
    let received = 0;
    let talking = true;
    const sayOnce = async () => {
      sent += chunk.length;
      await writeAll(this.#x, chunk);
    };
    const say = async () => {
      while (performance.now() < begun + milliseconds) await sayOnce();
      talking = false;
      // Whoever waits for bytes at this moment gets these, and sees the end.
      await sayOnce();
    };
    const hear = async () => {
      while (talking || received < sent) {
        received += await this.#read(this.#y);
      }
    };
    const all = Promise.all([say(), hear()]);
    await within(all, "all of a flood", milliseconds + ANSWER_LIMIT);
    const messages = received / message.length;
    return messages / (performance.now() - begun) * 1000;
  }

  /**
   * X says a word, Y answers with one, again and again.
   *
   * @returns how long each word and its answer took, in seconds
   */
  async roundTrips(milliseconds: number): Promise<number[]> {
    const end = performance.now() + milliseconds;
    const word = encoder.encode("a word\n");
    const times: number[] = [];
    for (let begun; (begun = performance.now()) < end;) {
      await writeAll(this.#x, word);
      await this.#readLine(this.#y);
      await writeAll(this.#y, word);
      await this.#readLine(this.#x);
      times.push((performance.now() - begun) / 1000);
    }
    return times;
  }

  /** X says Bye; ends when the server has closed the connections of both. */
  async bye(): Promise<void> {
    await writeAll(this.#x, encoder.encode("Bye\n"));
    for (const conn of [this.#x, this.#y]) {
      while (await conn.read(this.#buffer) !== null);
    }
  }

  /** Reads up to the end of a line; nothing is under way after it. */
  async #readLine(conn: Deno.TcpConn): Promise<void> {
    for (;;) {
      const count = await this.#read(conn);
      if (this.#buffer[count - 1] === 0x0a) return;
    }
  }

  async #read(conn: Deno.TcpConn): Promise<number> {
    const count = await conn.read(this.#buffer);
    if (count === null) throw new Error("The server closed the chat");
    return count;
  }

  [Symbol.dispose](): void {
    this.#x.close();
    this.#y.close();
  }
}
