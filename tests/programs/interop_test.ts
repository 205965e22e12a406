/**
 * Our programs with strangers: the Python programs of `textbook.ts` and `nc`,
 * on either end, unchanged.
 */
import { assert, assertEquals } from "@std/assert";
import {
  type Script,
  start,
  startClient,
  startServer,
} from "../support/harness.ts";
import { untilPortIsFree } from "../support/play.ts";
import * as textbook from "../support/textbook.ts";
import { has } from "../support/machine.ts";

/** A test that needs a program; where that is missing, the name says so. */
function testWith(
  program: string,
  name: string,
  fn: () => Promise<void>,
): void {
  const ignore = !has(program);
  const suffix = ignore ? ` (ignored: no ${program} on this machine)` : "";
  Deno.test({ name: `${program}: ${name}${suffix}`, ignore, fn });
}

function python(source: string, input?: string): Promise<Script> {
  // -u: what is printed is there at once, as on a terminal.
  const options = input === undefined ? {} : { input };
  return start("python3", ["-u", "-c", source], options);
}

/** A textbook server that is ready, and the port that it took. */
async function startTextbook(
  source: string,
): Promise<{ server: Script; port: number }> {
  const server = await python(source);
  await server.prints("\n");
  return {
    server,
    port: Number(/^port (\d+)$/m.exec(server.stdout.text)?.[1]),
  };
}

/** Everything that a program prints until it ends well. */
async function output(starting: Promise<Script>): Promise<string> {
  await using script = await starting;
  assertEquals(await script.exits(), 0, script.stderr.text);
  return script.stdout.text;
}

const NOT_ALLOWED = "Port is not allowed to communicate";
const X_FIRST = "X: Alice received before Y: Bob";
const ALICE = ["--client", "X", "--name", "Alice"];
const BOB = ["--client", "Y", "--name", "Bob"];

testWith("python3", "a textbook client asks our uppercase server", async () => {
  const args = ["--mode", "uppercase", "--sessions", "1"];
  const { server, port } = await startServer(args);
  await using _ = server;
  const source = textbook.uppercaseClient(port);
  const prompt = "Input lowercase sentence: ";
  assertEquals(
    await output(python(source, "message test 1\nstraße\nquit\n")),
    `${prompt}MESSAGE TEST 1\n${prompt}STRASSE\n${prompt}QUIT\n` +
      "CONNECTION CLOSED\n",
  );
  assertEquals(await server.exits(), 0);
});

testWith("python3", "our uppercase client asks a textbook server", async () => {
  const { server, port } = await startTextbook(textbook.UPPERCASE_SERVER);
  await using _ = server;
  const input = "message test 1\nmessage test 2\nquit\n";
  assertEquals(
    await output(startClient(port, ["--mode", "uppercase"], { input })),
    "MESSAGE TEST 1\nMESSAGE TEST 2\nQUIT\nCONNECTION CLOSED\n",
  );
  await server.prints("message test 2\nquit\nCONNECTION CLOSED\n=====\n");
});

/** The answers in what a textbook `permission` client printed. */
function answers(client: Script): string[] {
  return client.stdout.text.replaceAll(/Enter \w+: /g, "").trim().split("\n");
}

testWith("python3", "textbook clients ask our permission server", async () => {
  const { server, port } = await startServer(["--max-clients", "3"]);
  await using _ = server;
  const ask = async (input: string) => {
    const source = textbook.permissionClient(port);
    await using client = await untilPortIsFree(() => python(source, input));
    return answers(client);
  };
  assertEquals(await ask("1234\nPermission7\npermission7\nhi\n"), [
    ...["Permission Accepted", "Already Permitted", "Invalid Message"],
  ]);
  assertEquals(await ask("3333\nrequest7\nREQUEST8\n"), [
    ...["Request Accepted", "Request Rejected"],
  ]);
  assertEquals(await ask("0\nPermission7\n"), [NOT_ALLOWED]);
  assertEquals(await server.exits(), 0);
});

testWith(
  "python3",
  "our clients ask a textbook permission server",
  async () => {
    const { server, port } = await startTextbook(textbook.PERMISSION_SERVER);
    await using _ = server;
    const ask = async (clientPort: string, input: string) => {
      const args = ["--client-port", clientPort];
      const run = () => startClient(port, args, { input });
      await using client = await untilPortIsFree(run);
      assertEquals(await client.exits(), 0, client.stderr.text);
      return client.stdout.lines;
    };
    assertEquals(await ask("1234", "Permission7\npermission7\nhi\n"), [
      ...["Permission Accepted", "Already Permitted", "Invalid Message"],
    ]);
    assertEquals(await ask("3333", "request7\nREQUEST8\n"), [
      ...["Request Accepted", "Request Rejected"],
    ]);
    assertEquals(await ask("0", "Permission7\n"), [NOT_ALLOWED]);
    assertEquals(await server.exits(), 0, server.stderr.text);
  },
);

testWith("python3", "textbook clients in our sequence", async () => {
  const { server, port } = await startServer(["--mode", "sequence"]);
  await using _ = server;
  const x = "Client X: Alice";
  await using first = await python(textbook.sequenceClient(port, x));
  await server.prints(`${x}\n`);
  const y = "Client Y: Bob";
  assertEquals(
    await output(python(textbook.sequenceClient(port, y))),
    `${y}\n${X_FIRST}\n`,
  );
  assertEquals(await first.exits(), 0);
  assertEquals(first.stdout.text, `${x}\n${X_FIRST}\n`);
  assertEquals(await server.exits(), 0);
});

for (const greeting of ["", "Welcome! "]) {
  const name = greeting ? "that greets first" : "of a sequence";
  testWith("python3", `our clients, a textbook server ${name}`, async () => {
    const source = textbook.sequenceServer(greeting);
    const { server, port } = await startTextbook(source);
    await using _ = server;
    const args = ["--mode", "sequence"];
    await using first = await startClient(port, [...args, ...ALICE]);
    await server.prints("Client X: Alice\n");
    if (greeting) await first.prints(greeting);
    const text = await output(startClient(port, [...args, ...BOB]));
    // What is sent in two pieces may come in one.
    const joined = text.replace("! \n", "! ");
    assertEquals(joined, `Client Y: Bob\n${greeting}${X_FIRST}\n`);
    assertEquals(await first.exits(), 0, first.stderr.text);
    const line = greeting && `${greeting}\n`;
    assertEquals(first.stdout.text, `Client X: Alice\n${line}${X_FIRST}\n`);
    assertEquals(await server.exits(), 0, server.stderr.text);
  });
}

for (const ending of ["", "\\n"]) {
  const name = ending ? "with line feeds" : "without line endings";
  testWith("python3", `textbook clients chat ${name}`, async () => {
    const { server, port } = await startServer(["--mode", "chat"]);
    await using _ = server;
    const say = (text: string) => textbook.chatClient(port, text, ending);
    await using x = await python(say("Client X: Alice"));
    await server.prints("Client X: Alice\n");
    await using y = await python(say("Client Y: Bob"));
    await x.prints(`From server: ${X_FIRST}\n`);
    await y.prints(`From server: ${X_FIRST}\n`);
    await x.type("hello Bob\n");
    await y.prints("Received: hello Bob\n");
    await y.type("hi Alice\n");
    await x.prints("Received: hi Alice\n");
    await x.type("Bye\n");
    await y.prints("Received: Bye\n");
    for (const script of [x, y, server]) assertEquals(await script.exits(), 0);
    await server.prints("X: hello Bob\nY: hi Alice\nX: Bye\n");
  });
}

testWith("python3", "our client chats with a textbook client", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  await using x = await startClient(port, ["--mode", "chat", ...ALICE]);
  await server.prints("Client X: Alice\n");
  await using y = await python(textbook.chatClient(port, "Client Y: Bob"));
  await y.prints(X_FIRST);
  await x.type("hello Bob\n");
  await y.prints("Received: hello Bob\n");
  await y.type("hi Alice\n");
  await x.prints("Y: hi Alice\n");
  await x.endInput();
  for (const script of [x, y, server]) assertEquals(await script.exits(), 0);
  assert(x.stdout.text.endsWith("X: hello Bob\nY: hi Alice\nX: Bye\n"));
});

testWith("python3", "our clients chat through a textbook server", async () => {
  const { server, port } = await startTextbook(textbook.CHAT_SERVER);
  await using _ = server;
  const args = ["--mode", "chat", "--framing", "raw"];
  await using x = await startClient(port, [...args, ...ALICE]);
  await server.prints("Client X: Alice\n");
  await using y = await startClient(port, [...args, ...BOB]);
  await x.prints(X_FIRST);
  await y.prints(X_FIRST);
  await x.type("hello Bob\n");
  await y.prints("X: hello Bob\n");
  await y.type("hi Alice\n");
  await x.prints("Y: hi Alice\n");
  await y.type("Bye\n");
  for (const script of [x, y]) {
    assertEquals(await script.exits(), 0, script.stderr.text);
  }
  const talk = ["X: hello Bob", "Y: hi Alice", "Y: Bye"];
  assertEquals(x.stdout.lines, ["Client X: Alice", X_FIRST, ...talk]);
  assertEquals(y.stdout.lines, ["Client Y: Bob", X_FIRST, ...talk]);
});

testWith("python3", "textbook clients ask our sum server", async () => {
  const args = ["--mode", "sum", "--name", "Adder", "--number", "10"];
  const { server, port } = await startServer(args);
  await using _ = server;
  const ask = (number: number) =>
    output(python(textbook.sumClient(port, number)));
  assertEquals(await ask(25), "Adder 35\n");
  assertEquals(await ask(100), "Adder 110\n");
  assertEquals(await ask(101), "");
  assertEquals(await server.exits(), 0);
});

for (const sum of ["", ", 'sum': number + 10"]) {
  const name = sum ? "with" : "without";
  testWith("python3", `our sum client, a reply ${name} the sum`, async () => {
    const { server, port } = await startTextbook(textbook.sumServer(sum));
    await using _ = server;
    const args = ["--mode", "sum", "--name", "Alice", "--number"];
    assertEquals(
      await output(startClient(port, [...args, "25"])),
      "[INFO] [send_message]: Client Name: Alice | Server Name: Py\n" +
        "[INFO] [send_message]: Client Number: 25 | Server Number: 10 | Sum: 35\n",
    );
    assertEquals(await output(startClient(port, [...args, "0"])), "");
    assertEquals(await server.exits(), 0, server.stderr.text);
  });
}

/** `nc` sends each line as it is typed, line ending included. */
function netcat(port: number, ...flags: string[]): Promise<Script> {
  return start("nc", [...flags, "127.0.0.1", String(port)]);
}

testWith("nc", "asks our UDP servers", async () => {
  const upper = await startServer(["--mode", "uppercase"]);
  await using _upper = upper.server;
  await using one = await netcat(upper.port, "-u");
  for (const word of ["hello", "straße", "quit"]) {
    await one.type(`${word}\n`);
    await one.prints(`${word.toUpperCase()}\n`);
  }
  await upper.server.prints("quit\nCONNECTION CLOSED\n");
  const permission = await startServer([]);
  await using _permission = permission.server;
  await using two = await netcat(permission.port, "-u");
  await two.type("permission7\n");
  await two.prints(NOT_ALLOWED);
  await permission.server.prints("permission7 from 127.0.0.1:");
});

testWith("nc", "chats, each line a message", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  await using x = await netcat(port);
  await x.type("Client X: Alice\n");
  await server.prints("Client X: Alice\n");
  await using y = await netcat(port);
  await y.type("Client Y: Bob\nhi\nhow are you?\n");
  await x.prints(`${X_FIRST}\nhi\nhow are you?\n`);
  await x.type("Bye\n");
  await y.prints(`${X_FIRST}\nBye\n`);
  assertEquals(await server.exits(), 0);
});

testWith("nc", "adds up, with and without a line feed", async () => {
  const args = ["--mode", "sum", "--number", "10"];
  const { server, port } = await startServer(args);
  await using _ = server;
  for (const ending of ["\n", "\r\n", ""]) {
    await using nc = await netcat(port);
    await nc.type(`{"client_name": "nc", "client_number": 5}${ending}`);
    await nc.prints('"sum":15}');
  }
});
