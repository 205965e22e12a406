/**
 * Our clients and the servers of others, in every dialect: who speaks first,
 * what is acknowledged and relayed, how `sum` writes a name and a number.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Script, startClient } from "../support/harness.ts";
import {
  assertHolds,
  exits,
  LISTEN,
  sourceServer,
  strangeServer,
  testWithPython,
} from "../support/strangers.ts";

const ALICE = ["--client", "X", "--name", "Alice"];
const BOB = ["--client", "Y", "--name", "Bob"];
const X_FIRST = "X: Alice received before Y: Bob";

/** A server of two clients with words of its own. */
const sequenceServer = (acknowledgment: string, greeting = "") =>
  LISTEN + `
messages = []
connections = []
for i in range(2):
    connection, address = server.accept()
    connection.send(b'${greeting}')
    messages.append(connection.recv(1024).decode())
    print(messages[-1])
    connections.append(connection)
for connection in connections:
    connection.send(b'${acknowledgment}')
for connection in connections:
    connection.close()
`;

const acknowledging: [name: string, reply: string, greeting?: string][] = [
  ["misspells received", "X: Alice recieved before Y: Bob"],
  ["leaves received out", "X: Alice before Y: Bob"],
  ["has words of its own before it", `From Server: ${X_FIRST}`],
  ["greets, and is of the first edition", X_FIRST, "Welcome"],
];

for (const [name, reply, greeting = ""] of acknowledging) {
  testWithPython(`sequence: a server that ${name}`, async () => {
    const source = sequenceServer(reply, greeting && `${greeting}\\n`);
    const { server, port } = await sourceServer(source);
    await using _ = server;
    const args = ["--mode", "sequence"];
    await using x = await startClient(port, [...args, ...ALICE]);
    await server.prints("Client X: Alice\n");
    await using y = await startClient(port, [...args, ...BOB]);
    await exits([x, y, server]);
    const said = greeting ? [greeting, reply] : [reply];
    assertEquals(x.stdout.lines, ["Client X: Alice", ...said]);
    assertEquals(y.stdout.lines, ["Client Y: Bob", ...said]);
  });
}

for (
  const [file, ...framing] of [
    ["asyncio"],
    ["class_goes_on"],
    ["queue"],
    ["select"],
    ["lines", "--framing", "line"],
    ["threads"],
  ] as const
) {
  const path = `sequence/server_${file}`;
  testWithPython(`sequence: ${path}`, async () => {
    const { server, port } = await strangeServer(path);
    await using _ = server;
    const args = ["--mode", "sequence", ...framing];
    await using x = await startClient(port, [...args, ...ALICE]);
    await x.prints("waiting for the partner", x.stderr);
    await using y = await startClient(port, [...args, ...BOB]);
    await exits([x, y]);
    await server.prints("Sent acknowledgment to both X and Y");
    // Both may be read at the same moment: either order is an answer.
    for (const { stdout } of [x, y]) {
      assertMatch(stdout.text, /[XY]: \w+ received before [XY]: \w+\n$/);
    }
    assertEquals(x.stdout.lines.at(-1), y.stdout.lines.at(-1));
  });
}

testWithPython("sequence: a server that greets and dies", async () => {
  const source = LISTEN +
    "connection, address = server.accept()\n" +
    "connection.send(b'Welcome\\n')\nconnection.recv(1024)\n" +
    "raise SystemExit(3)\n";
  const { server, port } = await sourceServer(source);
  await using _ = server;
  const args = ["--mode", "sequence", ...ALICE];
  await using client = await startClient(port, args);
  await exits([client], 1);
  assertEquals(client.stdout.text, "Client X: Alice\nWelcome\n");
  assertHolds(
    client.stderr.text,
    "[ERROR] [client]: The server closed the connection before it " +
      "acknowledged the message. Look at what it printed.\n",
  );
});

for (const kind of ["asyncio", "at_accept", "threads"]) {
  const path = `sequence/server_greeting_${kind}`;
  testWithPython(`sequence --greeting: ${path}`, async () => {
    const { server, port } = await strangeServer(path);
    await using _ = server;
    const args = ["--mode", "sequence", "--greeting"];
    await using x = await startClient(port, args);
    await x.prints("waiting for the server's greeting", x.stderr);
    await using y = await startClient(port, args);
    await x.prints("Client X connected\n");
    await y.prints("Client Y connected\n");
    await y.type("Bob\n");
    await server.prints("Bob");
    await x.type("Alice\n");
    await exits([x, y]);
    const reply = "Y: Bob received before X: Alice";
    assertEquals(x.stdout.lines, ["Client X connected", "Alice", reply]);
    assertEquals(y.stdout.lines, ["Client Y connected", "Bob", reply]);
  });
}

/** Both clients of a chat, the first one seen by the server before the second. */
async function couple(port: number, args: string[]): Promise<[Script, Script]> {
  const all = ["--mode", "chat", ...args];
  const x = await startClient(port, [...all, ...ALICE]);
  await x.prints("waiting for the ", x.stderr);
  return [x, await startClient(port, [...all, ...BOB])];
}

const chatServers: [file: string, args: string[], begins: RegExp][] = [
  ["asyncio", [], / before /],
  ["lines", [], / before /],
  ["select_prefix", [], / before /],
  ["threads", [], / before /],
  ["no_acknowledgment", [], /Client [XY]: /],
  ["greeting_asyncio", ["--greeting"], /Client [XY] connected/],
  ["greeting_select", ["--greeting"], /Client [XY] connected/],
  ["greeting_threads", ["--greeting"], /Client [XY] connected/],
];

for (const [file, args, begins] of chatServers) {
  const path = `chat/server_${file}`;
  testWithPython(`chat ${args.join(" ")}: ${path}`, async () => {
    const { server, port } = await strangeServer(path);
    await using _ = server;
    const [x, y] = await couple(port, args);
    await using _x = x;
    await using _y = y;
    await talk(x, y);
    for (const { stdout } of [x, y]) assertMatch(stdout.text, begins);
    // Without an acknowledgment it cannot be told who speaks: no label then.
    const label = file === "no_acknowledgment" ? "" : "Y: ";
    assertEquals(talkOf(x), ["X: hello Bob", `${label}hi Alice`, "X: Bye"]);
    const heard = label && "X: ";
    assertEquals(talkOf(y), [
      ...[`${heard}hello Bob`, "Y: hi Alice", `${heard}Bye`],
    ]);
  });
}

/** What was said in the chat, as a client printed it. */
function talkOf({ stdout }: Script): string[] {
  return stdout.lines.filter((line) => /hello Bob|hi Alice|Bye/.test(line));
}

/** A chat until the first one's input ends, which says Bye. */
async function talk(x: Script, y: Script): Promise<void> {
  await x.prints("Bob");
  await y.prints("Alice");
  await x.type("hello Bob\n");
  await y.prints("hello Bob\n");
  await y.type("hi Alice\n");
  await x.prints("hi Alice\n");
  await x.endInput();
  await exits([x, y]);
}
