/**
 * When a server that was told to end has received everything. Nobody tells it:
 * only silence does.
 */
import { delay } from "./delay.ts";

/** How long nothing has to come, in milliseconds. */
export const IDLE = 20;
/** How long a server waits for that at the most, in milliseconds. */
export const MAX_DRAIN = 1_000;

/**
 * Waits until nothing comes any more, but not for ever.
 *
 * @param received a number that grows with everything that comes in
 * @param isUnfinished whether the rest of something is still to come
 */
export async function untilIdle(
  received: () => number,
  isUnfinished: () => boolean = () => false,
): Promise<void> {
  const latest = Date.now() + MAX_DRAIN;
  let before;
  do {
    before = received();
    await delay(IDLE);
  } while ((received() > before || isUnfinished()) && Date.now() < latest);
}
