/** How a `permission` server ends: at its fourth client, and not before. */
import { addressOf } from "../../rules/contract.ts";
import { PERMISSION_PORT, REQUEST_PORT } from "../../rules/permission.ts";
import { Finding, required, type Suite } from "../play/case.ts";
import type { DatagramServerRun } from "../play/datagram_server_run.ts";
import { silent } from "../play/hints.ts";
import { END, PAUSE } from "../play/timeouts.ts";
import { quote } from "../reports/quote.ts";
import {
  COUNTED,
  OTHER_PORT,
  permitter,
  requester,
  stranger,
} from "./permission_clients.ts";

/** No client says anything for a while. */
export const pause: Suite<DatagramServerRun> = {
  used: true,
  cases: required(OTHER_PORT, {
    "A client may take its time": async (run) => {
      const client = stranger(run);
      await client.asks(run.random.word());
      await run.pause(PAUSE);
      await client.asks(run.random.word(), {
        shows: silent,
        means: "the server may have a timeout (settimeout)",
      });
    },
  }),
};

/** Four clients come. */
export const ending: Suite<DatagramServerRun> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  used: true,
  cases: required(COUNTED, {
    "The fourth client ends the server": async (run) => {
      const clients = [stranger, permitter, requester];
      for (const client of [...run.random.shuffled(clients), permitter]) {
        await isAnswered(run, client);
      }
      await run.client().tells(run.random.word());
      await hasEnded(run);
    },
  }),
};

/** @throws {Finding} if the server ended too early */
async function isAnswered(run: DatagramServerRun, client: typeof permitter) {
  const probe = client(run);
  const expected = await probe.tells(`Permission${run.random.digits(5)}`);
  if (await probe.next() !== undefined) return await run.pause(30);
  throw new Finding(
    quote(expected),
    run.nothing(),
    run.hasDied ? "it may count fewer than four clients" : undefined,
  );
}

/** @throws {Finding} if the server still answers, or still runs */
async function hasEnded(run: DatagramServerRun): Promise<void> {
  const { program } = run;
  const deadline = performance.now() + END;
  while (!hasGone(run) && performance.now() < deadline) await run.pause(50);
  run.remarkOnExit();
  if (hasGone(run)) return;
  const fifth = run.client();
  await fifth.tells(`Permission${run.random.digits(4)}`);
  const answers = await fifth.next() !== undefined;
  const runs = program?.exit === undefined;
  const later = `${END / 1000} s later`;
  throw new Finding(
    "the server to end after its fourth client",
    answers
      ? `it answers a fifth client, ${addressOf(fifth.address)}`
      : runs
      ? `it still runs ${later}`
      : `its port is still in use ${later}`,
    whyNotEnded(runs, answers, program?.output.text ?? ""),
  );
}

function hasGone({ program, isListening }: DatagramServerRun): boolean {
  return !isListening && (!program || program.exit !== undefined);
}

function whyNotEnded(
  runs: boolean,
  answers: boolean,
  printed: string,
): string | undefined {
  if (!runs) return "a process that it started goes on: end that, too";
  const end = printed.trimEnd().split("\n").at(-1) ?? "";
  if (/clos|finish|terminat|shut|\bend/i.test(end)) {
    return "it says that it ends: perhaps a `break` or `return` leaves only one loop, function or thread, and the program goes on";
  }
  return answers
    ? "it may count IP addresses without the port, or only clients that are allowed, or look at the number too late"
    : undefined;
}
