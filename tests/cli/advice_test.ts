/**
 * What a failure of the network tells the user to do: a line for each trouble,
 * in the words of the command line.
 */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { advised } from "../../lib/cli/advice.ts";
import { NetworkFailure, type Trouble } from "../../lib/net/errors.ts";
import { Failure } from "../../lib/rules/contract.ts";

const ADVICE: Record<Trouble, string> = {
  "not allowed": "Or keep to --host 127.0.0.1.",
  "port in use": "Stop it, or choose another port with --view.",
  "port reserved": "Choose a port from 1024 on with --view.",
  "port withheld": "Choose another port with --view.",
  "not our address": "Use --host 127.0.0.1.",
  "nobody listens": "Start the server first, or give its port with --port.",
  "no connection": "Check --host and --port, or wait longer with --timeout.",
  "no datagram":
    "Check that the server runs there, or wait longer with --timeout.",
  "no message": "Or give it more time with --timeout.",
  "no line ending": "Try --framing line, or give it more time with --timeout.",
};

Deno.test("each trouble has its advice", async (t) => {
  for (const [trouble, advice] of Object.entries(ADVICE)) {
    await t.step(trouble, () => {
      const failure = new NetworkFailure("It failed.", trouble as Trouble);
      const { message } = advised(failure, "--view");
      assertEquals(message, `It failed. ${advice}`);
    });
  }
});

Deno.test("a failure that nothing can be done about stays as it is", () => {
  const failure = new Failure("It failed.");
  assertStrictEquals(advised(failure), failure);
});

Deno.test("advice is given once", () => {
  const failure = advised(new NetworkFailure("It failed.", "port in use"));
  assertStrictEquals(advised(failure), failure);
});
