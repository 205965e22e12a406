/**
 * How chats and pairs begin with programs that were written for no introduction,
 * or for the later edition of the assignment, and who speaks in whose name.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { startClient, startServer } from "../support/harness.ts";
import {
  assertHolds,
  exits,
  LISTEN,
  python,
  sourceServer,
  testWithPython,
} from "../support/strangers.ts";

/** Prints what it receives; sends each line that is typed, as it is. */
const bareClient = (port: number) => `
import socket, sys, threading
client = socket.create_connection(('127.0.0.1', ${port}))
def listen():
    while True:
        data = client.recv(1024)
        if not data:
            break
        print('heard', data.decode())
threading.Thread(target=listen, daemon=True).start()
print('connected')
for line in sys.stdin:
    client.send(line.strip().encode())
    if line.strip() == 'Bye':
        break
client.settimeout(5)
`;

testWithPython("chat --introduction none: clients that just talk", async () => {
  const args = ["--mode", "chat", "--introduction", "none"];
  const { server, port } = await startServer(args);
  await using _ = server;
  await using x = await python(bareClient(port));
  await x.prints("connected");
  await server.prints("connected\n", server.stderr);
  await using y = await python(bareClient(port));
  await y.prints("connected");
  await x.type("hello\n");
  await y.prints("heard hello\n");
  await y.type("hi\n");
  await x.prints("heard hi\n");
  await x.type("Bye\n");
  await exits([server]);
  assertEquals(server.stdout.lines.slice(1), ["X: hello", "Y: hi", "X: Bye"]);
});

testWithPython("chat: clients that just talk are told of it", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  await using x = await python(bareClient(port));
  await x.type("hello\n");
  await x.prints("heard Invalid Message\n");
  await server.prints("--introduction none", server.stderr);
  assertHolds(server.stderr.text, "with --greeting\n");
});

/** Relays bytes between the first two that connect, and says nothing itself. */
const BARE_SERVER = LISTEN + `
import threading
both = [server.accept()[0] for i in range(2)]
def relay(a, b):
    while True:
        data = a.recv(1024)
        if not data:
            break
        b.sendall(data)
        if data == b'Bye':
            for each in both:
                each.shutdown(socket.SHUT_RDWR)
            break
threads = [threading.Thread(target=relay, args=pair) for pair in [both, both[::-1]]]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;

testWithPython(
  "chat --introduction none: a server that just relays",
  async () => {
    const { server, port } = await sourceServer(BARE_SERVER);
    await using _ = server;
    const args = [
      ...["--mode", "chat", "--introduction", "none"],
    ];
    await using x = await startClient(port, [...args, "--client", "X"]);
    await x.prints("connected to", x.stderr);
    await using y = await startClient(port, args);
    await y.prints("connected to", y.stderr);
    await x.type("hello\n");
    await y.prints("hello\n");
    await y.type("X: I owe you 100 euros\n");
    await x.prints("Y: X: I owe you 100 euros\n");
    await x.endInput();
    await exits([x, y, server]);
    assertEquals(x.stdout.lines, [
      ...["X: hello", "Y: X: I owe you 100 euros", "X: Bye"],
    ]);
    assertEquals(y.stdout.lines, ["hello", "X: I owe you 100 euros", "Bye"]);
  },
);

/** Names each speaker to everybody, and closes nothing. */
const NAMING_SERVER = LISTEN + `
import threading
clients, names = [], []
def serve(i):
    while True:
        data = clients[i].recv(1024).decode()
        if not data:
            break
        for each in clients:
            if each is not clients[i]:
                each.sendall((names[i] + ': ' + data).encode())
for i in range(2):
    connection, address = server.accept()
    names.append(connection.recv(1024).decode())
    clients.append(connection)
for i in range(2):
    threading.Thread(target=serve, args=[i]).start()
`;

testWithPython("chat: a Bye under a label that has been seen", async () => {
  const { server, port } = await sourceServer(NAMING_SERVER);
  await using _ = server;
  const args = ["--mode", "chat", "--framing", "raw"];
  await using x = await startClient(port, [
    ...[...args, "--client", "X", "--name", "Alice"],
  ]);
  await x.prints("waiting for the partner", x.stderr);
  await using y = await startClient(port, [
    ...[...args, "--client", "Y", "--name", "Bob"],
  ]);
  await y.prints("waiting for the partner", y.stderr);
  await x.type("hello\n");
  await y.prints("Client X: Alice: hello\n");
  await y.type("hi\n");
  await x.prints("Client Y: Bob: hi\n");
  await y.type("Bye\n");
  await exits([x, y]);
});

testWithPython("chat: no partner speaks in the name of the other", async () => {
  const { server, port } = await startServer(["--mode", "chat"]);
  await using _ = server;
  const args = ["--mode", "chat"];
  await using x = await startClient(port, [
    ...[...args, "--client", "X", "--name", "Alice"],
  ]);
  await server.prints("Client X: Alice\n");
  await using y = await python(bareClient(port));
  await y.type("Client Y: Eve\n");
  await x.prints("received before");
  await y.prints("received before");
  await y.type("X: I owe you 100 euros\n");
  await x.prints("Y: X: I owe you 100 euros\n");
  await y.type("Y: Bye\n");
  await x.prints("Y: Bye\n");
  await x.type("still here\n");
  await y.prints("heard still here\n");
  await x.endInput();
  await exits([x, server]);
  assertHolds(server.stdout.text, "Y: X: I owe you 100 euros\nY: Y: Bye\n");
});

/** The hand-out's own client of the later edition; `after` its message. */
const greetedClient = (port: number, message: string, after = "") => `
import socket
client = socket.create_connection(('127.0.0.1', ${port}))
print(client.recv(1024).decode())
client.send(b'${message}')
${after}
print(client.recv(1024).decode())
`;

testWithPython("sequence --greeting: Client X: Alice is Alice", async () => {
  const { server, port } = await startServer([
    "--mode",
    "sequence",
    "--greeting",
  ]);
  await using _ = server;
  const half = "client.shutdown(socket.SHUT_WR)";
  await using x = await python(greetedClient(port, "Client X: Alice", half));
  await server.prints(" connected\n", server.stderr);
  await using y = await startClient(port, [
    ...["--mode", "sequence", "--greeting"],
  ]);
  await server.prints("Client X: Alice\n");
  await y.prints("Client Y connected\n");
  await server.prints("its message counts", server.stderr);
  await y.type("Bob\n");
  await exits([x, y, server]);
  const acknowledgment = "X: Alice received before Y: Bob\n";
  assertEquals(x.stdout.text, `Client X connected\n${acknowledgment}`);
  assertEquals(y.stdout.text, `Client Y connected\nBob\n${acknowledgment}`);
});

testWithPython(
  "sequence --greeting: one who leaves after speaking",
  async () => {
    const { server, port } = await startServer([
      "--mode",
      "sequence",
      "--greeting",
    ]);
    await using _ = server;
    const leaves = "client.close()\nraise SystemExit";
    await using x = await python(greetedClient(port, "Alice", leaves));
    await server.prints(" connected\n", server.stderr);
    await using y = await python(greetedClient(port, "Bob"));
    await exits([x, y, server]);
    assertMatch(y.stdout.text, /^[XY]: \w+ received before [XY]: \w+$/m);
  },
);

testWithPython("sequence --greeting: a third client", async () => {
  const { server, port } = await startServer([
    "--mode",
    "sequence",
    "--greeting",
  ]);
  await using _ = server;
  const args = ["--mode", "sequence", "--greeting"];
  await using x = await startClient(port, args);
  await using y = await startClient(port, args);
  await x.prints(" connected\n");
  await y.prints(" connected\n");
  await using third = await startClient(port, args);
  await exits([third], 1);
  assertHolds(
    third.stderr.text,
    "The server refused: Client X and Client Y are already connected.",
  );
});
