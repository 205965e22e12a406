/**
 * Our `sum` client and the servers of others, each in its own format, and what
 * is said where the formats of the two ends differ.
 */
import { assertEquals } from "@std/assert";
import { startClient, startServer } from "../support/harness.ts";
import {
  assertHolds,
  exits,
  LISTEN,
  output,
  python,
  sourceServer,
  strangeServer,
  testWithPython,
} from "../support/strangers.ts";

const ALICE = ["--mode", "sum", "--name", "Alice", "--number"];

const servers: [file: string, name: string, ...args: string[]][] = [
  ["blank", "Eve's server", "--format", "NAME NUMBER"],
  ["colon", "colon server", "--format", "NAME:NUMBER"],
  ["comma", "Server of Bob", "--format", "NAME,NUMBER"],
  [
    "json_other_keys",
    "Asyncio Server",
    "--format",
    '{"name": "NAME", "number": NUMBER}',
  ],
  ["json_textbook", "Server of John Q. Smith"],
  ["json_threads", "Threaded server"],
  ["pipe_socketserver", "Pipe Server", "--format", "NAME|NUMBER"],
  [
    "semicolon_lines",
    "SemicolonServer",
    ...["--format", "NAME;NUMBER", "--framing", "line"],
  ],
];

for (const [file, name, ...args] of servers) {
  const path = `sum/server_${file}`;
  testWithPython(`sum ${args.join(" ")}: ${path}`, async () => {
    const { server, port } = await strangeServer(path);
    await using _ = server;
    const ask = (number: string) =>
      output(startClient(port, [...ALICE, number, ...args]));
    const text = await ask("25");
    const [, theirs] = /Server Number: (\d+)/.exec(text) ?? [];
    const sum = 25 + Number(theirs);
    assertEquals(
      text,
      `[INFO] [send_message]: Client Name: Alice | Server Name: ${name}\n` +
        `[INFO] [send_message]: Client Number: 25 | Server Number: ${theirs} | Sum: ${sum}\n`,
    );
    await server.prints(String(sum));
    assertEquals(await ask("101"), "");
    await exits([server]);
  });
}

/** A server that answers whatever it is sent. */
const answering = (reply: string) =>
  LISTEN + `
connection, address = server.accept()
print(connection.recv(1024))
connection.sendall('''${reply}'''.encode())
connection.close()
`;

const SEED = '{"server_name": "Py", "server_number": 10}';

const mismatches: [reply: string, says: string, ...args: string[]][] = [
  ["Py,10", "another format, name it with --format"],
  ["Py 10", "another format, name it with --format"],
  ['{"name": "Py", "number": 10}', "name it with --format"],
  ["Py;10", "it is in another format", "--format", "NAME,NUMBER"],
  [SEED, "it is in another format", "--format", "NAME,NUMBER"],
  [
    SEED,
    "it is in another format",
    ...["--format", '{"name": "NAME", "number": NUMBER}'],
  ],
];

for (const [reply, says, ...args] of mismatches) {
  testWithPython(`sum ${args.join(" ")}: the reply ${reply}`, async () => {
    const { server, port } = await sourceServer(answering(reply));
    await using _ = server;
    await using client = await startClient(port, [...ALICE, "25", ...args]);
    await exits([client], 1);
    assertEquals(client.stdout.text, "");
    assertHolds(
      client.stderr.text,
      "[ERROR] [client]: The server's reply is broken: ",
    );
    assertHolds(client.stderr.text, says);
    assertHolds(client.stderr.text, `It was: ${JSON.stringify(reply)}`);
  });
}

const FORM = 'expected {"client_name": "...", "client_number": 25}';

const wrong: [request: string, problem: string][] = [
  ["25", '"25\\n" is not a JSON object'],
  ["Py,many", '"Py,many\\n" is neither JSON nor a name and a number'],
  ['{"client_name": "Py"}', "client_number is missing"],
  [
    '{"client_name": "Py", "client_number": 2.5}',
    "client_number is 2.5, not an integer",
  ],
];

const asking = (port: number, request: string) => `
import socket
client = socket.create_connection(('127.0.0.1', ${port}))
client.sendall('''${request}\\n'''.encode())
print(client.recv(1024).decode(), end='')
client.close()
`;

for (const [request, problem] of wrong) {
  testWithPython(`sum: our server is sent ${request}`, async () => {
    const { server, port } = await startServer(["--mode", "sum"]);
    await using _ = server;
    const reply = await output(python(asking(port, request)));
    const error = `${problem}; ${FORM}`;
    const expected = request.startsWith("{")
      ? JSON.stringify({ error })
      : "error";
    assertEquals(reply, `${expected}\n`);
    await server.prints(`: ${problem}; ${FORM}`, server.stderr);
    assertHolds(server.stderr.text, "[WARNING] [handle_client]: 127.0.0.1:");
  });
}
