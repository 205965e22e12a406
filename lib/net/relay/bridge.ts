/**
 * A client's connection, and its counterpart to the server: every byte is
 * passed on as it came, and so is every end.
 *
 * Each direction is a loop that reads and writes in turn, so a slow reader
 * slows its writer down, and no more than one read waits in between. Deno
 * cannot reset a connection: if one end resets, the other is closed.
 */
import { type Address, addressOf } from "../../rules/contract.ts";
import type { Remark } from "../../rules/listening/hearing.ts";
import { reasonOf } from "../errors.ts";
import type { Network } from "../wire.ts";
import type { StreamWatch } from "../stream_watch.ts";
import type { Party } from "./ear.ts";
import { Overheard } from "./overheard.ts";
import type { RelayOptions } from "./relay.ts";

/** How much one read takes, in bytes. */
export const BUFFER = 64 * 1024;

/** How long to wait for the server to accept, in milliseconds. */
const CONNECTING = 5_000;

/** What a bridge is given besides the client's connection. */
export interface BridgeOptions extends RelayOptions {
  /** Whether messages are JSON objects. */
  readonly json: boolean;
  /** Called for each read; work goes on when what it returns is settled. */
  readonly step: () => Promise<void> | undefined;
}

/** One connection. */
interface End {
  readonly by: Remark["by"];
  readonly conn: Deno.TcpConn;
  /** The network on the way to it. */
  readonly network: Network;
  readonly watch: StreamWatch | undefined;
}

/** Both connections, from the client's first byte to the last of either. */
export class Bridge {
  static #count = 0;
  readonly #options: BridgeOptions;
  readonly #ends: End[] = [];
  readonly #client: Address;
  /** Whether any byte has passed. */
  hasSpoken = false;
  #isClosed = false;

  constructor(conn: Deno.TcpConn, options: BridgeOptions) {
    this.#options = options;
    this.#client = conn.remoteAddr;
    this.#add("client", conn, options.toClient);
    this.#log("debug", "connected");
  }

  /** Connects to the server, and passes everything on until both have ended. */
  async run(): Promise<void> {
    const [client] = this.#ends;
    const server = await this.#connect();
    if (server === undefined) return this.close();
    const { ear, json } = this.#options;
    const party = this.#partyOf(client!, server);
    const overhear = ({ by, watch: from }: End, { watch: to }: End) =>
      new Overheard({ ear, party, by, json, from, to });
    const said = overhear(client!, server);
    const heard = overhear(server, client!);
    ear.opened(party);
    await Promise.all([
      this.#pass(client!, server, (bytes, more) => said.take(bytes, more))
        .then(() => said.end()),
      this.#pass(server, client!, (bytes, more) => {
        said.answered();
        heard.take(bytes, more);
      }).then(() => heard.end()),
    ]);
    this.close();
  }

  /** @returns undefined if there is no connection */
  async #connect(): Promise<End | undefined> {
    const { upstream, toServer } = this.#options;
    try {
      const signal = AbortSignal.timeout(CONNECTING);
      const conn = await Deno.connect({ ...upstream, signal });
      if (!this.#isClosed) return this.#add("server", conn, toServer);
      conn.close();
    } catch (error) {
      const isRefused = error instanceof Deno.errors.ConnectionRefused;
      const why = isRefused
        ? "nobody is listening there. Start the server first, or give its port with --upstream."
        : reasonOf(error);
      const where = addressOf(upstream);
      this.#log("warning", `closed; cannot connect to ${where}: ${why}`);
    }
    return undefined;
  }

  #add(by: End["by"], conn: Deno.TcpConn, network: Network): End {
    // Without this the system holds small messages back to join them.
    conn.setNoDelay(true);
    const watch = network.watch(conn, by === "server");
    const end = { by, conn, network, watch };
    this.#ends.push(end);
    return end;
  }

  #partyOf({ conn: client }: End, { conn: server }: End): Party {
    const { hostname, port } = this.#client;
    const wayOf = ({ remoteAddr, localAddr }: Deno.TcpConn) => ({
      from: remoteAddr,
      to: localAddr,
    });
    const ways = { client: wayOf(client), server: wayOf(server) };
    return { id: `#${++Bridge.#count}`, hostname, port, ways };
  }

  /** Passes on what one end sends, until it ends or one of the two breaks off. */
  async #pass(
    from: End,
    to: End,
    hear: (bytes: Uint8Array, more: boolean) => void,
  ): Promise<void> {
    const buffer = new Uint8Array(BUFFER);
    for (let count; (count = await this.#read(from, buffer)) > 0;) {
      const bytes = buffer.subarray(0, count);
      this.hasSpoken = true;
      from.watch?.received(bytes);
      if (!await this.#write(to, bytes)) break;
      hear(bytes, count === BUFFER);
      const pause = this.#options.step();
      if (pause) await pause;
    }
    await this.#endWriting(to);
  }

  /** @returns how many bytes came; 0 if nothing more will come */
  async #read(from: End, buffer: Uint8Array): Promise<number> {
    try {
      const count = await from.network.read(from.conn, buffer);
      if (count !== null) return count;
      this.#log("debug", `the ${from.by} has ended`);
      from.watch?.ended();
    } catch (error) {
      if (this.#isClosed) return 0;
      from.watch?.reset();
      this.#log("info", `the ${from.by} broke off: ${reasonOf(error)}`);
      this.close();
    }
    return 0;
  }

  /** @returns false if it is not taken any more */
  async #write({ by, conn, network, watch }: End, bytes: Uint8Array) {
    try {
      await network.write(conn, bytes, watch);
      return true;
    } catch (error) {
      // What it sent before it left may still be read: the other way goes on.
      const what = `${bytes.length} bytes do not reach the ${by}`;
      if (!this.#isClosed) this.#log("info", `${what}: ${reasonOf(error)}`);
      return false;
    }
  }

  async #endWriting({ conn, watch }: End): Promise<void> {
    if (this.#isClosed) return;
    try {
      await conn.closeWrite();
      watch?.endedHere();
    } catch {
      // It has left.
    }
  }

  /** Closes both connections at once, and says why if that is given. */
  close(why?: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (why) this.#log("warning", `closed: ${why}`);
    for (const { conn, watch } of this.#ends) {
      conn.close();
      watch?.closed();
    }
  }

  #log(level: "debug" | "info" | "warning", text: string): void {
    const who = addressOf(this.#client);
    this.#options.journal.log(level, "relay", `${who}: ${text}`);
  }
}
