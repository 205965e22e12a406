/**
 * Whether a server over TCP can be started again at once, as whoever works on it
 * does all the time.
 */
import { type Case, note } from "../case.ts";
import type { StreamStage } from "../stream_stage.ts";

/** Ends it while a client is connected: its end closes the connection first. */
export const restart: Case<StreamStage> = note(
  "The server can be started again at once",
  async (stage) => {
    await stage.connects("a client");
    await stage.quiet(50, 200);
    await stage.startsAgain();
  },
);
