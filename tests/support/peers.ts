/**
 * The TCP peers that tests of faults need: one that reads only when told to,
 * and one that breaks its connection off.
 */
import net from "node:net";
import { until, within } from "./harness.ts";

const encoder = new TextEncoder();

/** A TCP connection that reads nothing until it is told to. */
export class SlowStream implements Disposable {
  readonly #conn: Deno.TcpConn;
  /** How many bytes the system has taken from `send`. */
  sent = 0;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async connect(port: number): Promise<SlowStream> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    return new SlowStream(conn);
  }

  async send(message: string | Uint8Array): Promise<void> {
    const bytes = typeof message === "string"
      ? encoder.encode(message)
      : message;
    for (let at = 0; at < bytes.length;) {
      const count = await this.#conn.write(bytes.subarray(at));
      at += count;
      this.sent += count;
    }
  }

  /** Reads once, into the buffer; null at the end of the stream. */
  async read(buffer: Uint8Array): Promise<number | null> {
    return await within(this.#conn.read(buffer), "bytes");
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

/** Whether this Deno can break a connection off: 2.5 can only close it. */
export const CAN_RESET = "resetAndDestroy" in net.Socket.prototype;

/** A TCP connection that ends with a reset, as a crashed machine's does. */
export class AbruptStream implements AsyncDisposable {
  readonly #socket: net.Socket;
  received = "";

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.received += bytes);
    socket.on("error", () => {}); // the other side may be gone first
  }

  static async connect(port: number): Promise<AbruptStream> {
    const socket = net.connect(port, "127.0.0.1");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("connect", resolve);
    socket.once("error", reject);
    await within(promise, "a connection");
    return new AbruptStream(socket);
  }

  get port(): number {
    return this.#socket.localPort!;
  }

  async send(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.write(text, () => resolve());
    await within(promise, "a write");
  }

  async receives(text: string): Promise<void> {
    await until(() => this.received.includes(text), `received: ${text}`);
  }

  /** Breaks the connection off; nothing that is on its way arrives. */
  async reset(): Promise<void> {
    if (this.#socket.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once("close", () => resolve());
    if (CAN_RESET) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    await within(promise, "the reset");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reset();
  }
}
