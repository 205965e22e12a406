/**
 * How a `permission` server ends: at its fourth client, and not before.
 */
import { addressOf } from "../../rules/contract.ts";
import { PERMISSION_PORT, REQUEST_PORT } from "../../rules/permission.ts";
import { Finding, type Life, required, silent } from "../case.ts";
import type { DatagramStage, Questioner } from "../datagram_stage.ts";
import { END, PAUSE } from "../patience.ts";
import { quote } from "../quote.ts";
import {
  COUNTED,
  OTHER_PORT,
  permitter,
  requester,
  stranger,
} from "./permission_clients.ts";

/** Nobody says anything for a while. */
export const pause: Life<DatagramStage> = {
  used: true,
  cases: [
    required("A client may take its time", OTHER_PORT, async (stage) => {
      const client = stranger(stage);
      await client.asks(stage.draw.word());
      await stage.pause(PAUSE);
      await client.asks(stage.draw.word(), {
        shows: silent,
        means: "the server may have a timeout (settimeout)",
      });
    }),
  ],
};

/** Four clients come. */
export const ending: Life<DatagramStage> = {
  ports: [PERMISSION_PORT, REQUEST_PORT],
  used: true,
  cases: [
    required("The fourth client ends the server", COUNTED, async (stage) => {
      for (const client of [stranger, permitter, requester, permitter]) {
        await isAnswered(stage, client(stage));
      }
      await stage.client().tells(stage.draw.word());
      await hasEnded(stage);
    }),
  ],
};

/** @throws {Finding} where the server has ended too early */
async function isAnswered(stage: DatagramStage, client: Questioner) {
  const expected = await client.tells(`Permission${stage.draw.digits(5)}`);
  if (await client.next() !== undefined) return await stage.pause(30);
  throw new Finding(
    quote(expected),
    stage.nothing(),
    stage.hasDied ? "it may count fewer than four clients" : undefined,
  );
}

/** @throws {Finding} where the server still answers, or still runs */
async function hasEnded(stage: DatagramStage): Promise<void> {
  const { program } = stage;
  const deadline = performance.now() + END;
  while (!hasGone(stage) && performance.now() < deadline) await stage.pause(50);
  const code = program?.ownExit?.code;
  if (code) stage.remark(`it ends with exit status ${code}, not 0`);
  if (hasGone(stage)) return;
  const fifth = stage.client();
  await fifth.tells(`Permission${stage.draw.digits(4)}`);
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

function hasGone({ program, isListening }: DatagramStage): boolean {
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
