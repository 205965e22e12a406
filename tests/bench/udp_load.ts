/**
 * Load on a UDP server: one socket that keeps several requests on their way
 * and sends the next as soon as an answer comes.
 *
 * A load that is slower than the server would measure itself. So no send is
 * waited for, and every answer is received into the same buffer, unread.
 */
import { until, within } from "../support/harness.ts";

/** How long a server may take to give its first answer, in milliseconds. */
const START_LIMIT = 10_000;
/** How long a port may be somebody else's, in milliseconds. */
const BIND_LIMIT = 5_000;
/** How often the first request is repeated, in milliseconds. */
const ASK_AGAIN = 1;
/** What has not been answered after so many milliseconds of silence is lost. */
const SILENCE = 400;

/** How much a run is to send. */
export interface Run {
  /** How many requests are on their way at once. */
  inFlight: number;
  /** Which message is the nth, counted from 0. */
  message: (n: number) => Uint8Array;
  /** @default {Infinity} */
  count?: number;
  /** When to send no more, in milliseconds. @default {Infinity} */
  milliseconds?: number;
}

export interface Result {
  sent: number;
  answered: number;
  /** From the first request to the last answer. */
  seconds: number;
}

/** One socket that asks one server. */
export class UdpLoad implements Disposable {
  readonly #socket: Deno.DatagramConn;
  readonly #server: Deno.NetAddr;
  /** Called for each answer. */
  #answered: () => void = () => {};
  #last = new Uint8Array(0);

  private constructor(socket: Deno.DatagramConn, serverPort: number) {
    this.#socket = socket;
    this.#server = {
      transport: "udp",
      hostname: "127.0.0.1",
      port: serverPort,
    };
    this.#receive();
  }

  /** @param localPort where to send from; by default any free port */
  static async open(serverPort: number, localPort = 0): Promise<UdpLoad> {
    let socket: Deno.DatagramConn | undefined;
    const isBound = () => (socket = bind(localPort)) !== undefined;
    await until(isBound, `use of port ${localPort}`, BIND_LIMIT);
    return new UdpLoad(socket!, serverPort);
  }

  /** The text of the last answer: it tells whether the server does its work. */
  get lastAnswer(): string {
    return new TextDecoder().decode(this.#last);
  }

  /**
   * Asks until the server answers: it may have just been started.
   *
   * @returns when it did, by `performance.now`
   */
  async firstAnswer(message: Uint8Array): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#answered = () => resolve(performance.now());
    const timer = setInterval(() => this.#send(message), ASK_AGAIN);
    try {
      return await within(promise, "a first answer", START_LIMIT);
    } finally {
      clearInterval(timer);
      await this.#quiet();
    }
  }

  /** Sends what `run` says; ends when all is answered, or nothing more comes. */
  async run({ inFlight, message, ...limits }: Run): Promise<Result> {
    const { count = Infinity, milliseconds = Infinity } = limits;
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = performance.now();
    const end = begun + milliseconds;
    let sent = 0;
    let answered = 0;
    let ended = begun;
    const next = () => {
      if (sent < count && performance.now() < end) {
        this.#send(message(sent++));
      } else if (answered >= sent) resolve();
    };
    this.#answered = () => {
      answered++;
      if (answered >= sent) ended = performance.now();
      next();
    };
    for (let n = 0; n < inFlight; n++) next();
    await this.#untilSilent(promise, () => answered);
    if (answered < sent) ended = performance.now() - SILENCE;
    return { sent, answered, seconds: (ended - begun) / 1000 };
  }

  /** Waits for the promise, or until a number has stopped to grow. */
  async #untilSilent(
    promise: Promise<void>,
    progress: () => number,
  ): Promise<void> {
    let before = -1;
    let timer: ReturnType<typeof setInterval>;
    const silence = new Promise<void>((resolve) => {
      timer = setInterval(() => {
        if (progress() === before) resolve();
        before = progress();
      }, SILENCE);
    });
    await Promise.race([promise, silence]);
    clearInterval(timer!);
  }

  /** Lets the answers to repeated requests come in. */
  async #quiet(): Promise<void> {
    let late = 0;
    this.#answered = () => late++;
    let before;
    do {
      before = late;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } while (late > before);
  }

  /** What cannot be sent counts as lost: nobody will answer it. */
  #send(message: Uint8Array): void {
    this.#socket.send(message, this.#server).catch(() => {});
  }

  async #receive(): Promise<void> {
    const buffer = new Uint8Array(2048);
    for (;;) {
      try {
        [this.#last] = await this.#socket.receive(buffer);
      } catch (error) {
        // Windows tells here that nobody listens yet; all else is the end.
        if (error instanceof Deno.errors.ConnectionReset) continue;
        return;
      }
      this.#answered();
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** @returns undefined while another program has the port */
function bind(port: number): Deno.DatagramConn | undefined {
  try {
    const hostname = "127.0.0.1";
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}
