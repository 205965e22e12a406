/**
 * How servers end, over UDP and TCP alike: they answer what has arrived, ignore
 * what comes later, and then close every socket.
 */

/** How long a peer may take to read what is left for it, in milliseconds. */
export const DRAIN = 5_000;

/** The same for all peers together after a signal. */
export const SIGNAL_DRAIN = 1_000;

/** A server that runs until its assignment is over, or until it is told to end. */
export interface Endable {
  /** Settled once it has ended. */
  run(): Promise<void>;
  /**
   * Answers what has arrived by now, then ends.
   *
   * @param drain how long slow readers may take, in milliseconds; a later call
   * may shorten it
   */
  end(drain: number): void;
  /** Closes every socket at once. */
  close(): void;
}

/** Runs a server, tells it to end when the signal is aborted, and closes it. */
export async function runUntilAborted(
  server: Endable,
  signal: AbortSignal,
): Promise<void> {
  const end = () => server.end(SIGNAL_DRAIN);
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  try {
    await server.run();
  } finally {
    signal.removeEventListener("abort", end);
    server.close();
  }
}
