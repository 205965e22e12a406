/**
 * What our programs say where another program speaks a dialect that they were
 * not started for, or ends early; and chats that nobody acknowledges.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { startClient, startServer, until } from "../support/harness.ts";
import {
  assertHolds,
  exits,
  LISTEN,
  output,
  python,
  sourceServer,
  testWithPython,
} from "../support/strangers.ts";

const ALICE = ["--client", "X", "--name", "Alice"];

/** Longer than any test: a client that waits for so long fails its test. */
const FOR_EVER = ["--timeout", "600"];

/** Waits to be greeted, as clients of the later edition do. */
const greetedClient = (port: number) => `
import socket
client = socket.create_connection(('127.0.0.1', ${port}))
print(client.recv(1024).decode())
`;

for (const mode of ["sequence", "chat"]) {
  testWithPython(`${mode}: our server and a client that waits`, async () => {
    const { server, port } = await startServer(["--mode", mode]);
    await using _ = server;
    await using _client = await python(greetedClient(port));
    await server.prints("--greeting", server.stderr);
    assertMatch(
      server.stderr.text,
      /^\[INFO\] \[server\]: 127\.0\.0\.1:\d+ has connected and said nothing: in this mode the client speaks first, with Client X: <name> or Client Y: <name>\. If it waits for the server to greet it, start this server with --greeting\.$/m,
    );
  });
}

const SILENT = LISTEN + `
connection, address = server.accept()
while connection.recv(1024):
    pass
`;

const waits: [name: string, hint: string, ...args: string[]][] = [
  ["sequence", "line ending (--framing line)", ...ALICE],
  ["chat", "text without a line ending (--framing raw)", ...ALICE],
  ["sequence", "leave --greeting out", "--greeting", "--name", "Alice"],
  ["sum", "line ending (--framing line)", "--number", "25"],
];

for (const [mode, hint, ...args] of waits) {
  testWithPython(
    `${mode} ${args[0]}: our client and a server that says nothing`,
    async () => {
      const { server, port } = await sourceServer(SILENT);
      await using _ = server;
      const all = ["--mode", mode, ...args, ...FOR_EVER];
      await using client = await startClient(port, all);
      const notice = `[INFO] [client]: connected to 127.0.0.1:${port}, ` +
        "which has not answered: it may wait for ";
      await client.prints(notice, client.stderr);
      await client.prints(hint, client.stderr);
    },
  );
}

/** Says something else first, and then leaves. */
const wrongClient = (port: number, message: string) => `
import socket
client = socket.create_connection(('127.0.0.1', ${port}))
client.send('${message}'.encode())
print(client.recv(1024).decode())
client.close()
`;

for (const mode of ["sequence", "chat"]) {
  testWithPython(`${mode}: our server refuses a message`, async () => {
    const { server, port } = await startServer(["--mode", mode]);
    await using _ = server;
    const source = wrongClient(port, "hello");
    assertEquals(await output(python(source)), "Invalid Message\n");
    await server.prints(" left\n", server.stderr);
    assertMatch(
      server.stderr.text,
      /^\[WARNING\] \[server\]: 127\.0\.0\.1:\d+ sent "hello"; expected Client X: <name> or Client Y: <name>; answered Invalid Message$/m,
    );
  });
}

testWithPython("sequence: who left, and who was closed", async () => {
  const { server, port } = await startServer(["--mode", "sequence"]);
  await using _ = server;
  await output(python(wrongClient(port, "hello")));
  await server.prints(" left\n", server.stderr);
  await using x = await python(wrongClient(port, "Client X: Alice"));
  await server.prints("Client X: Alice\n");
  await using y = await python(wrongClient(port, "Client Y: Bob"));
  await exits([x, y, server]);
  assertEquals(server.stderr.text.match(/:\d+ (left|closed)$/gm)?.length, 3);
  assertEquals(server.stderr.text.match(/:\d+ closed$/gm)?.length, 2);
});

/** Says something at once, and closes after one message more. */
const WELCOMING = LISTEN + `
connection, address = server.accept()
print(connection.recv(1024).decode())
connection.send(b'Welcome')
print(connection.recv(1024).decode())
connection.close()
`;

testWithPython("chat: a server that never acknowledges: a pipe", async () => {
  const { server, port } = await sourceServer(WELCOMING);
  await using _ = server;
  const args = ["--mode", "chat", ...ALICE, ...FOR_EVER];
  await using client = await startClient(port, args, { input: "" });
  await exits([client, server]);
  assertEquals(client.stdout.lines.toSorted(), [
    ...["Client X: Alice", "Welcome", "X: Bye"],
  ]);
});

testWithPython("chat: a server that closes without a Bye", async () => {
  const { server, port } = await sourceServer(WELCOMING);
  await using _ = server;
  const args = ["--mode", "chat", ...ALICE];
  await using client = await startClient(port, args);
  await client.prints("Welcome\n");
  await client.type("hello\n");
  await exits([client, server]);
  assertHolds(
    client.stderr.text,
    "[WARNING] [client]: The chat was closed without a Bye\n",
  );
});

/** Sends everything to everybody, under a label of its own. */
const broadcasting = (label: string) =>
  LISTEN + `
connection, address = server.accept()
connection.recv(1024)
connection.send(b'X: Alice received before Y: Bob')
while True:
    text = connection.recv(1024).decode().strip()
    connection.send(('${label}' + text).encode())
    if text == 'Bye':
        break
connection.close()
`;

for (const label of ["X: ", "Client X: Alice: "]) {
  testWithPython(`chat: a server that echoes with ${label}`, async () => {
    const { server, port } = await sourceServer(broadcasting(label));
    await using _ = server;
    await using client = await startClient(port, ["--mode", "chat", ...ALICE]);
    await client.prints("received before");
    await client.type("hello\n");
    const hellos = () =>
      client.stdout.lines.filter((line) => line.endsWith("hello"));
    await until(() => hellos().length === 2, "what was typed and its echo");
    await client.type("Bye\n");
    await exits([client, server]);
    assertEquals(hellos().toSorted(), [`${label}hello`, "X: hello"].toSorted());
  });
}

/** Sends these pieces, so many seconds apart, and prints what comes back. */
const piecewise = (port: number, seconds: number, pieces: string[]) => `
import socket, time
client = socket.create_connection(('127.0.0.1', ${port}))
for piece in [${pieces.map((piece) => `b'${piece}'`).join(", ")}]:
    client.sendall(piece)
    time.sleep(${seconds})
client.settimeout(8)
print(client.recv(1024).decode())
`;

const odd: [mode: string, pieces: string[], told: RegExp][] = [
  [
    "sequence",
    ["C"],
    /sent "C"; expected .* \(telnet sends each key: use nc, or start this server with --framing line\); answered/,
  ],
  ["sequence", ["\\xff\\xfb\\x1f"], /3 bytes that are not UTF-8; .*telnet/],
  ["sequence", ["\\xef\\xbb\\xbfClient X: A\\n"], /\(a byte order mark comes/],
  ["chat", ["\\x00\\x0fClient X: Alice"], /\(its length comes first/],
  ["sequence", ["\\xff\\xfeC\\x00l\\x00"], /\(it looks like UTF-16\)/],
  ["chat", ["C\\x00l\\x00i\\x00"], /\(it looks like UTF-16\)/],
  ["sum", ["Alice", "25"], /no more of it came|neither JSON nor a name/],
];

for (const [mode, pieces, told] of odd) {
  testWithPython(`${mode}: ${pieces} is told for what it is`, async () => {
    const { server, port } = await startServer(["--mode", mode]);
    await using _ = server;
    await using client = await python(piecewise(port, 0, pieces));
    await until(() => told.test(server.stderr.text), "the warning");
    await exits([client]);
  });
}

testWithPython("sequence --framing line: one key at a time", async () => {
  const args = ["--mode", "sequence", "--framing", "line", "--sessions", "0"];
  const { server, port } = await startServer(args);
  await using _ = server;
  const keys = [..."Client X: Al", "\\r\\n"];
  await using x = await python(piecewise(port, 0.15, keys));
  await server.prints("Client X: Al\n");
  await using y = await python(piecewise(port, 0, ["Client Y: Bo\\n"]));
  await exits([x, y]);
  assertHolds(x.stdout.text, "X: Al received before Y: Bo");
});

const REPLY = '{"server_name":"Adder","server_number":10,"sum":35}';

const slow: [request: string[], reply: string][] = [
  [['{"client_name": "A", "clie', 'nt_number": 25}'], REPLY],
  [["Alice\\n", "25\\n"], "Adder\n10\n"],
  [["Alice\\n25"], "Adder\n10"],
];

for (const [request, reply] of slow) {
  testWithPython(`sum: ${request.join(" ... ")} is one request`, async () => {
    const args = ["--mode", "sum", "--name", "Adder", "--number", "10"];
    const { server, port } = await startServer(args);
    await using _ = server;
    const said = await output(python(piecewise(port, 1, request)));
    assertEquals(said, `${reply}\n`);
  });
}

testWithPython("sum: half a request is given up, and told", async () => {
  const { server, port } = await startServer(["--mode", "sum"]);
  await using _ = server;
  await using client = await python(piecewise(port, 0, ['{"client_name":']));
  await server.prints("no more of it came in time", server.stderr);
  await exits([client]);
});

testWithPython("sum: a second request on one connection is told", async () => {
  const { server, port } = await startServer(["--mode", "sum"]);
  await using _ = server;
  const request = '{"client_name":"A","client_number":5}';
  await using client = await python(piecewise(port, 0, [request + request]));
  await server.prints("after its last message: dropped", server.stderr);
  await exits([client]);
});
