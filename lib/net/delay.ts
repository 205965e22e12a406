/**
 * Waiting for time to pass, and for nothing else.
 */

/** Waits, in milliseconds; at least one turn of the event loop. */
export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
