/**
 * Whether a server over TCP can be restarted at once, as its developers do all
 * the time.
 */
import { type Case, notes } from "../play/case.ts";
import type { StreamServerRun } from "../play/stream_server_run.ts";

/** Ends it while a client is connected, so that it closes first. */
export const [restart] = notes<StreamServerRun>({
  "The server can be started again at once": async (run) => {
    await run.connects("a client");
    await run.quiet(50, 200);
    await run.startsAgain();
  },
}) as [Case<StreamServerRun>];
