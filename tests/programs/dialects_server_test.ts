/**
 * Our servers and the clients of others, in every dialect: who speaks first,
 * what ends a message, how `sum` writes a name and a number.
 */
import { assertEquals } from "@std/assert";
import { type Script, startServer, until } from "../support/harness.ts";
import {
  assertHolds,
  exits,
  output,
  python,
  strangeClient,
  testWithPython,
} from "../support/strangers.ts";
import * as textbook from "../support/textbook.ts";

const X_FIRST = "X: Alice received before Y: Bob";

/** Waits until a server's log has told of so many connections. */
async function connections(server: Script, count: number): Promise<void> {
  const connected = () => server.stderr.text.split(" connected\n").length - 1;
  await until(() => connected() >= count, `${count} connections`);
}

/** A C program sends the whole of its array, and prints up to the first NUL. */
const clientInC = (port: number, message: string) => `
import socket
client = socket.create_connection(('127.0.0.1', ${port}))
client.send('${message}'.encode().ljust(1024, b"\\0"))
print(client.recv(1024).split(b"\\0")[0].decode())
client.close()
`;

const firstClients: [
  name: string,
  client: (port: number) => Promise<Script>,
  introduction?: string,
][] = [
  [
    "pads with NULs to 1024 bytes",
    (port) => python(clientInC(port, "Client X: Alice")),
  ],
  [
    "leaves the blank out",
    (port) => python(textbook.sequenceClient(port, "Client X:Alice")),
    "Client X:Alice",
  ],
  [
    "sends many blanks",
    (port) => python(textbook.sequenceClient(port, "Client X:   Alice")),
    "Client X:   Alice",
  ],
  ...([
    ["asks_side", "X\nAlice\n"],
    ["class_linefeed", "X\nAlice\n"],
    ["name_first", "Alice\nX\n"],
    ["whole_message", "Client X: Alice\n"],
    ["x_typed_name", "Alice\n"],
  ] as const).map(([file, input]): [
    string,
    (port: number) => Promise<Script>,
  ] => {
    const path = `sequence/client_${file}`;
    return [path, (port) => strangeClient(path, port, input)];
  }),
];

for (const [name, client, introduction = "Client X: Alice"] of firstClients) {
  testWithPython(`sequence: a client that speaks first: ${name}`, async () => {
    const { server, port } = await startServer(["--mode", "sequence"]);
    await using _ = server;
    await using x = await client(port);
    await server.prints(`${introduction}\n`);
    const y = await output(strangeClient("sequence/client_y_bob", port));
    assertEquals(y, `Client Y: Bob\n${X_FIRST}\n`);
    await exits([x, server]);
    assertHolds(x.stdout.text, `${X_FIRST}\n`);
    assertEquals(
      server.stdout.text,
      `The server is ready to receive\n${introduction}\nClient Y: Bob\n` +
        `${X_FIRST}\nSent acknowledgment to both X and Y\n`,
    );
  });
}

for (const kind of ["lines", "textbook", "thread"]) {
  const path = `sequence/client_greeting_${kind}`;
  testWithPython(`sequence --greeting: ${path}`, async () => {
    const args = ["--mode", "sequence", "--greeting"];
    const { server, port } = await startServer(args);
    await using _ = server;
    await using x = await strangeClient(path, port);
    await connections(server, 1);
    await using y = await strangeClient(path, port);
    await x.prints("Client X connected");
    await y.prints("Client Y connected");
    await y.type("Bob\n");
    await server.prints("\nBob\n");
    await x.type("Alice\n");
    await exits([x, y, server]);
    const acknowledgment = "Y: Bob received before X: Alice\n";
    for (const { stdout } of [x, y, server]) {
      assertHolds(stdout.text, acknowledgment);
    }
  });
}

/** What a client of a chat is started as, and how it shows what it hears. */
interface Chatter {
  file: string;
  hears: (text: string) => string;
}

const ASYNCIO: Chatter = {
  file: "chat/client_asyncio",
  hears: (text) => `received: ${text}\n`,
};
const SELECT: Chatter = {
  file: "chat/client_select",
  hears: (text) => `> ${text}\n`,
};
const THREADS: Chatter = {
  file: "chat/client_threads",
  hears: (text) => `: ${text}\n`,
};

const couples: [name: string, x: Chatter, y: Chatter][] = [
  ["both send bare text", THREADS, ASYNCIO],
  ["bare text beside lines", THREADS, SELECT],
  ["lines beside bare text", SELECT, ASYNCIO],
  ["both send lines", SELECT, SELECT],
];

for (const [name, first, second] of couples) {
  testWithPython(`chat: clients that speak first: ${name}`, async () => {
    const { server, port } = await startServer(["--mode", "chat"]);
    await using _ = server;
    await using x = await strangeClient(first.file, port);
    await x.type("X\nAlice\n");
    await server.prints("Client X: Alice\n");
    await using y = await strangeClient(second.file, port);
    await y.type("Y\nBob\n");
    await x.prints(first.hears(X_FIRST));
    await y.prints(second.hears(X_FIRST));
    await x.type("hello Bob\n");
    await y.prints(second.hears("hello Bob"));
    await y.type("hi Alice\n");
    await x.prints(first.hears("hi Alice"));
    await x.type("Bye\n");
    await y.prints(second.hears("Bye"));
    await exits([x, y, server]);
    assertEquals(server.stdout.lines.slice(1), [
      ...["Client X: Alice", "Client Y: Bob", X_FIRST],
      "Sent acknowledgment to both X and Y",
      ...["X: hello Bob", "Y: hi Alice", "X: Bye"],
    ]);
  });
}

for (const kind of ["select", "threads", "name"]) {
  const path = `chat/client_greeting_${kind}`;
  testWithPython(`chat --greeting: ${path}`, async () => {
    const args = ["--mode", "chat", "--greeting"];
    const { server, port } = await startServer(args);
    await using _ = server;
    await using x = await strangeClient(path, port);
    await connections(server, 1);
    await using y = await strangeClient(path, port);
    await x.prints("Client X connected");
    await y.prints("Client Y connected");
    await x.type("hello Bob\n");
    await server.prints("X: hello Bob\n");
    // Some read nothing before their own first message.
    await y.type("hi Alice\n");
    await y.prints("hello Bob\n");
    await x.prints("hi Alice\n");
    await x.type("Bye\n");
    await exits([x, y, server]);
    assertHolds(server.stdout.text, "X: hello Bob\nY: hi Alice\nX: Bye\n");
  });
}

/** Sends bytes as they are, prints the reply as Python shows bytes. */
const bytesClient = (port: number, request: string) => `
import socket
client = socket.create_connection(('127.0.0.1', ${port}))
client.sendall('${request}'.encode())
print(client.recv(1024))
client.close()
`;

const SUM_SERVER = ["--mode", "sum", "--name", "Adder", "--number", "10"];

const requests: [request: string, reply: string][] = [
  ["Py,25", "Adder,10"],
  ["Py, 25", "Adder, 10"],
  ["Py;25", "Adder;10"],
  ["Py|25", "Adder|10"],
  ["Py:25", "Adder:10"],
  ["Py 25", "Adder 10"],
  ["Smith, John,25", "Adder,10"],
  ['{"name": "Py", "number": 25}', '{"name":"Adder","number":10}'],
  ['{"n": 25, "who": "Py"}', '{"n":10,"who":"Adder"}'],
  [
    '{"client_name": "Py", "client_number": 25}',
    '{"server_name":"Adder","server_number":10,"sum":35}',
  ],
];

testWithPython("sum: the reply is as the request", async (t) => {
  const { server, port } = await startServer(SUM_SERVER);
  await using _ = server;
  for (const [request, reply] of requests) {
    for (const ending of ["", "\\n"]) {
      await t.step(`${request}${ending}`, async () => {
        const source = bytesClient(port, request + ending);
        assertEquals(await output(python(source)), `b'${reply}${ending}'\n`);
      });
    }
  }
});

const sumClients: [file: string, name: string][] = [
  ["blank", "Eve"],
  ["colon", "colon client"],
  ["comma", "Client of Bob"],
  ["comma_sum", "Summing Client"],
  ["json_class", "Ann"],
  ["json_other_keys", "Threaded Client"],
  ["json_textbook", "Client of John Q. Smith"],
  ["pipe", "Pipe Client"],
  ["semicolon_lines", "SemicolonClient"],
];

for (const [file, name] of sumClients) {
  const path = `sum/client_${file}`;
  testWithPython(`sum: ${path}`, async () => {
    const { server, port } = await startServer(SUM_SERVER);
    await using _ = server;
    const text = await output(strangeClient(path, port, "25\n"));
    assertHolds(text, "Adder");
    assertHolds(text, "35");
    await server.prints(
      `[INFO] [handle_client]: Client Name: ${name} | Server Name: Adder\n` +
        "[INFO] [handle_client]: Client Number: 25 | Server Number: 10 | Sum: 35\n",
    );
    await using last = await strangeClient(path, port, "101\n");
    await exits([server]);
    await last.exits();
  });
}
