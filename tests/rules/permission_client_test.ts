/**
 * Permission's client: its whole conversation, with a scripted user and server.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { Failure, INVALID_MESSAGE } from "../../lib/rules/contract.ts";
import {
  permission,
  PERMISSION_ACCEPTED,
  PORT_NOT_ALLOWED,
} from "../../lib/rules/permission.ts";
import { converse, type Script } from "./fake_dialogue.ts";

const permissions = "none";

const NOT_A_PORT = (text: string) =>
  `error [client]: Not a port: ${text}. A port is 0 to 65535.`;

const CONVERSATIONS: Record<
  string,
  Script & { clientPort?: number; events: string[] }
> = {
  "asks for the port, then message after message": {
    typed: ["1234", "permission7", ""],
    replies: [PERMISSION_ACCEPTED, INVALID_MESSAGE],
    events: [
      "ask Client port: ",
      "open 1234",
      "ask Message: ",
      "request permission7",
      "print Permission Accepted",
      "ask Message: ",
      "request ",
      "print Invalid Message",
      "ask Message: ",
    ],
  },
  "does not ask for a port that was given": {
    typed: [],
    clientPort: 3333,
    events: ["open 3333", "ask Message: "],
  },
  "ends when it is sent away": {
    typed: ["hello", "never sent"],
    replies: [PORT_NOT_ALLOWED],
    clientPort: 0,
    events: [
      "open 0",
      "ask Message: ",
      "request hello",
      "print Port is not allowed to communicate",
    ],
  },
  "ends when it is sent away with a line ending": {
    typed: ["hello", "never sent"],
    replies: [`${PORT_NOT_ALLOWED}\r\n`],
    clientPort: 0,
    events: [
      "open 0",
      "ask Message: ",
      "request hello",
      "print Port is not allowed to communicate",
    ],
  },
  "asks again for what is not a port": {
    typed: ["", "x", "-1", "65536", "1e3", "12.0", " 65535 "],
    events: [
      "ask Client port: ",
      ...["", "x", "-1", "65536", "1e3", "12.0"].flatMap((text) => [
        NOT_A_PORT(text),
        "ask Client port: ",
      ]),
      "open 65535",
      "ask Message: ",
    ],
  },
  "asks again where there was no answer": {
    typed: ["permission1", "permission1"],
    replies: [undefined, PERMISSION_ACCEPTED],
    clientPort: 1234,
    events: [
      "open 1234",
      "ask Message: ",
      "request permission1",
      "ask Message: ",
      "request permission1",
      "print Permission Accepted",
      "ask Message: ",
    ],
  },
};

Deno.test("permission's client", { permissions }, async (t) => {
  for (const [name, row] of Object.entries(CONVERSATIONS)) {
    const { events, clientPort, ...script } = row;
    const options = clientPort === undefined ? {} : { clientPort };
    await t.step(name, async () => {
      assertEquals(await converse(permission, script, options), events);
    });
  }
  await t.step("needs a port", async () => {
    await assertRejects(
      () => converse(permission, { typed: ["x"] }),
      Failure,
      "Give it with --client-port.",
    );
  });
});
