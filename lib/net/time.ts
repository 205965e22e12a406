/**
 * Waiting for time to pass, and for nothing else.
 */

/** Waits, in milliseconds; at least one turn of the event loop. */
export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Waits in two halves: where this program itself was held up, the timer and
 * what has happened meanwhile are due at once, and the second half lets the
 * other be noticed.
 */
export async function pause(milliseconds: number): Promise<void> {
  await delay(milliseconds / 2);
  await delay(milliseconds / 2);
}

/**
 * How long a server that is to end takes in what peers send without a pause, in
 * milliseconds: it cannot tell what had arrived from what comes.
 */
export const MAX_ENDING = 500;

/**
 * How long what has arrived may take to be noticed, in milliseconds. The system
 * has no word for "nothing more is there": what is not ready to be read after
 * this long had not arrived.
 */
export const GRACE = 10;

/**
 * Waits for a promise, but not for ever, and leaves no timer behind.
 *
 * In two halves, as `pause`, and for the same reason.
 *
 * @param milliseconds how long; undefined for no limit
 * @returns undefined where it took longer
 */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number | undefined,
): Promise<T | undefined> {
  if (milliseconds === undefined) return await promise;
  let timer: ReturnType<typeof setTimeout>;
  const half = milliseconds / 2;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      timer = setTimeout(resolve, half, undefined);
    }, half);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer!);
  }
}

/**
 * Waits for a promise, and calls `notice` once if that takes longer than so many
 * milliseconds.
 */
export async function noticing<T>(
  promise: Promise<T>,
  milliseconds: number,
  notice: () => void,
): Promise<T> {
  const timer = setTimeout(notice, milliseconds);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until nothing has come for a while, but not for ever.
 *
 * @param received a number that grows with everything that comes
 * @param silence how long nothing has to come, in milliseconds
 * @param limit how long to wait for that at the most, in milliseconds
 */
export async function untilQuiet(
  received: () => number,
  silence: number,
  limit: number,
): Promise<void> {
  const latest = Date.now() + limit;
  let before;
  do {
    before = received();
    await pause(silence);
  } while (received() > before && Date.now() < latest);
}
