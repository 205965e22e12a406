/**
 * A wrong result never looks right: what our programs say, and how they exit,
 * when the program on the other end did not do as the assignment says.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { startClient, startServer } from "../support/harness.ts";
import {
  assertHolds,
  exits,
  LISTEN,
  output,
  python,
  sourceServer,
  testWithPython,
} from "../support/strangers.ts";

const ALICE = ["--mode", "sum", "--name", "Alice", "--number"];
const NAME_NUMBER = ["--format", "NAME, NUMBER"];

/** A server that answers whatever it is sent, and closes. */
const answering = (reply: string) =>
  LISTEN + `
connection, address = server.accept()
connection.recv(1024)
connection.sendall(b'''${reply}''')
connection.close()
server.close()
`;

/** What our client prints for a reply whose number is understood. */
function transcript(name: string, number: number): string {
  return `[INFO] [send_message]: Client Name: Alice | Server Name: ${name}\n` +
    `[INFO] [send_message]: Client Number: 25 | Server Number: ${number} | ` +
    `Sum: ${25 + number}\n`;
}

const understood: [
  reply: string,
  name: string,
  number: number,
  ...args: string[],
][] = [
  // A server in C whose buffer held a longer reply before.
  [
    "Server of Solis, 38\\0ng Somebody Long, 25",
    "Server of Solis",
    38,
    ...NAME_NUMBER,
  ],
  ["Server of Bob,87,112", "Server of Bob", 87, "--format", "NAME,NUMBER"],
  ["87;Bob;112", "Bob", 87, "--format", "NUMBER;NAME"],
  ["Bob\\n87\\n", "Bob", 87, "--format", "NAME\nNUMBER"],
  ['{"server_name": "Bob", "server_number": "87"}', "Bob", 87],
  ['{"server_name": "Bob", "server_number": 87.0, "sum": 112}', "Bob", 87],
];

for (const [reply, name, number, ...args] of understood) {
  testWithPython(`sum ${args.join(" ")}: ${reply} is understood`, async () => {
    const { server, port } = await sourceServer(answering(reply));
    await using _ = server;
    const text = await output(startClient(port, [...ALICE, "25", ...args]));
    assertEquals(text, transcript(name, number));
  });
}

const broken: [reply: string, problem: string, ...args: string[]][] = [
  ["Bob,87,113", "sum is 113, not 112", "--format", "NAME,NUMBER"],
  ['{"name": "Bob", "number": 87, "sum": 99}', "sum is 99, not 112"].concat(
    ["--format", '{"name": "NAME", "number": NUMBER}'],
  ) as [string, string, ...string[]],
  ["error", "the server refused the request", "--format", "NAME,NUMBER"],
];

for (const [reply, problem, ...args] of broken) {
  testWithPython(`sum: ${reply} is an error`, async () => {
    const { server, port } = await sourceServer(answering(reply));
    await using _ = server;
    await using client = await startClient(port, [...ALICE, "25", ...args]);
    await exits([client], 1);
    assertEquals(client.stdout.text, "");
    assertHolds(client.stderr.text, `reply is broken: ${problem}. It was: `);
  });
}

testWithPython("sum --format: a server that closes at once", async () => {
  const { server, port } = await sourceServer(answering(""));
  await using _ = server;
  const args = [...ALICE, "25", ...NAME_NUMBER];
  await using client = await startClient(port, args);
  await exits([client], 1);
  assertMatch(
    client.stderr.text,
    /without a reply\. Look at what it printed\.$/m,
  );
});

/** What a server does with a number out of range, besides ending. */
const outOfRange: [
  does: string,
  source: string,
  warning: RegExp | undefined,
][] = [
  [
    "ends",
    "connection.recv(1024)\nserver.close()\nconnection.close()\n",
    undefined,
  ],
  [
    "answers",
    "connection.recv(1024)\nconnection.sendall(b'{}')\nconnection.close()\n",
    /The server answered a number out of range: "\{\}"$/m,
  ],
  [
    "keeps the connection",
    "connection.recv(1024)\nserver.close()\nconnection.recv(1024)\n",
    /The server has not closed the connection$/m,
  ],
  [
    "goes on",
    "connection.recv(1024)\nconnection.close()\nserver.accept()[0].recv(1024)\n",
    /The server goes on: it still accepts connections$/m,
  ],
];

for (const [does, source, warning] of outOfRange) {
  testWithPython(`sum: 0, and the server ${does}`, async () => {
    const accept = "connection, address = server.accept()\n";
    const { server, port } = await sourceServer(LISTEN + accept + source);
    await using _ = server;
    await using client = await startClient(port, [...ALICE, "0"]);
    await exits([client]);
    const warnings = client.stderr.text.match(/^\[WARNING\].*$/gm) ?? [];
    assertEquals(
      warnings[0],
      "[WARNING] [send_message]: The integer input out of range. Terminating the server",
    );
    assertEquals(warnings.length, warning ? 2 : 1);
    if (warning) assertMatch(warnings[1]!, warning);
  });
}

/** Takes the first two fields of anything for a name and a number. */
const twoFields = (port: number, request: string) => `
import re, socket
client = socket.create_connection(('127.0.0.1', ${port}))
client.sendall(b'''${request}''')
reply = client.recv(1024).decode()
fields = re.split(r'[\\W_]+', reply.strip())
number = re.search(r'\\d+', reply)
print('number', number and number[0], 'fields', len(fields))
`;

for (
  const request of ["Alice many", "Alice25", "25", "42 25", "Bob,2.5.", "\\xff"]
) {
  testWithPython(
    `sum: ${request} gets nothing to take for a number`,
    async () => {
      const { server, port } = await startServer(["--mode", "sum"]);
      await using _ = server;
      const said = await output(python(twoFields(port, request)));
      assertEquals(said, "number None fields 1\n");
      await server.prints('expected {"client_name"', server.stderr);
    },
  );
}

testWithPython("sum: the number as a text is taken, and told", async () => {
  const { server, port } = await startServer([
    ...["--mode", "sum", "--name", "Adder", "--number", "10"],
  ]);
  await using _ = server;
  const request = '{"client_name": "Ana", "client_number": "25"}';
  const source = `
import socket
client = socket.create_connection(('127.0.0.1', ${port}))
client.sendall(b'${request}')
print(client.recv(1024).decode())
`;
  assertEquals(
    await output(python(source)),
    '{"server_name":"Adder","server_number":10,"sum":35}\n',
  );
  await server.prints('sent the number as a text, "25"', server.stderr);
});

const X_FIRST = "X: Client X: Alice received before Y: Client Y: Bob";

for (const separator of ["\\n", ""]) {
  testWithPython(
    `sequence: a server that greets, and "${separator}" after it`,
    async () => {
      const { server, port } = await sourceServer(
        LISTEN + `
connection, address = server.accept()
connection.sendall(b'Client X connected${separator}')
connection.recv(1024)
connection.sendall(b'${X_FIRST}')
connection.close()
`,
      );
      await using _ = server;
      const args = ["--mode", "sequence", "--client", "X", "--name", "Alice"];
      await using client = await startClient(port, args);
      await exits([client], 1);
      assertHolds(client.stdout.text, "Client X: Alice\nClient X connected");
      assertMatch(
        client.stderr.text,
        /^\[ERROR\] \[client\]: The server greets its clients .* start this client with --greeting\.$/m,
      );
    },
  );
}

testWithPython("uppercase: an answer that is not in upper case", async () => {
  const source = `
from socket import *
server = socket(AF_INET, SOCK_DGRAM)
server.bind(('127.0.0.1', 0))
print('port', server.getsockname()[1])
while True:
    data, client = server.recvfrom(2048)
    server.sendto(str(data.upper()).encode(), client)
`;
  const { server, port } = await sourceServer(source);
  await using _ = server;
  const args = ["--mode", "uppercase"];
  await using client = await startClient(port, args, {
    input: "hello\nquit\n",
  });
  await exits([client]);
  assertEquals(client.stdout.text, "b'HELLO'\nb'QUIT'\nCONNECTION CLOSED\n");
  assertHolds(
    client.stderr.text,
    "[WARNING] [client]: the answer is not the message in upper case: " +
      `came "b'HELLO'", expected "HELLO"\n`,
  );
});

testWithPython("chat: a server that does not close after Bye", async () => {
  const source = LISTEN + `
connection, address = server.accept()
connection.recv(1024)
connection.sendall(b'X: Alice received before Y: Bob')
connection.recv(1024)
connection.recv(1024)
`;
  const { server, port } = await sourceServer(source);
  await using _ = server;
  const args = ["--mode", "chat", "--client", "X", "--name", "Alice"];
  await using client = await startClient(port, args, { input: "" });
  await exits([client]);
  assertHolds(
    client.stderr.text,
    "[WARNING] [client]: The server has not closed the connection after the Bye\n",
  );
});
