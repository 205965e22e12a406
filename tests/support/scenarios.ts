/**
 * What a scenario is: a server, its clients one after another, and all that they
 * print. Each mode's are in `tests/modes`; the scripts play them, and so do the
 * scripts with every other permission taken away, and the compiled programs.
 */

/** One client of a scenario, and everything that it should print. */
export interface ScenarioClient {
  args: string[];
  /** What is piped in; without it the input stays open and silent. */
  input?: string;
  /**
   * The next client starts once the server or this client has printed this
   * text, or, without it, once this client has ended.
   */
  until?: string;
  stdout: string[];
  stderr?: string[];
  /** @default {0} */
  status?: number;
}

/** A server from its ready line to its end, and who talked to it. */
export interface Scenario {
  name: string;
  server: string[];
  clients: ScenarioClient[];
  /** After the ready line, which is the same for all of them. */
  stdout: string[];
  /** After the line that tells the address; free ports are written as PORT. */
  stderr: string[];
  /** What ends a server that would go on for ever. */
  signal?: Deno.Signal;
}

/** The ready line of every server. */
export const READY = "The server is ready to receive";
export const CONNECTED = "[DEBUG] [server]: 127.0.0.1:PORT connected";
export const CLOSED = "[DEBUG] [server]: 127.0.0.1:PORT closed";

/** The server's log of its end, after the last of its sessions. */
export const sessionsOver = (count: number) =>
  `[INFO] [server]: session ${count} of ${count} is over: the end`;

/** What the server's log says of a message that it refuses. */
export function refused(
  port: number | "PORT",
  message: string,
  expected: string,
  answer: string,
): string {
  return `[WARNING] [server]: 127.0.0.1:${port} sent "${message}"; expected ${expected}; answered ${answer}`;
}

export function say(...messages: string[]): string[] {
  return messages.flatMap((text) => ["--message", text]);
}
