/**
 * What Linux, macOS and Windows do not have in common.
 *
 * Most errors of a socket have one class in Deno, whatever the system says:
 * `ConnectionReset`, for example, is number 104, 54 or 10054.
 */
/** Errors without a class: the numbers of Linux, macOS and Windows. */
const NUMBERS = {
  /** A datagram, for the system; macOS sends 9 216 bytes unless told otherwise. */
  tooLong: [90, 40, 10040],
  /** The program has no more of them, or (23) the whole system. */
  outOfFiles: [24, 24, 10024, 23],
};

function hasNumber(error: unknown, numbers: readonly number[]): boolean {
  const [, number] = /\(os error (\d+)\)/.exec(String(error)) ?? [];
  return numbers.includes(Number(number));
}

/** Whether a datagram is longer than the system sends. */
export function isTooLong(error: unknown): boolean {
  return hasNumber(error, NUMBERS.tooLong);
}

/** Whether the system refuses to open one more file or socket. */
export function isOutOfFiles(error: unknown): boolean {
  return hasNumber(error, NUMBERS.outOfFiles);
}

/** Whether a connection was broken off. Windows may call that aborted (10053). */
export function isReset(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.NotConnected;
}

/** Windows has no process groups, no mode cbreak, and no signals to send. */
export function isWindows(): boolean {
  return Deno.build.os === "windows";
}

/**
 * Listens to a signal if the system has it. Windows lacks SIGWINCH and SIGCONT,
 * and before Deno 2.8 SIGTERM and SIGQUIT, too.
 *
 * @returns stops listening
 */
export function onSignal(signal: Deno.Signal, listener: () => void) {
  try {
    Deno.addSignalListener(signal, listener);
  } catch (error) {
    if (error instanceof TypeError) return () => {};
    throw error;
  }
  return () => Deno.removeSignalListener(signal, listener);
}
