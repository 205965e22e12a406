/**
 * The hints that cases give: each mistake is made by a small program, and what
 * its report says of it points to the mistake.
 */
import { assertMatch } from "@std/assert";
import { runCheck } from "../../../lib/check/check.ts";
import type { ModeName } from "../../../lib/rules.ts";
import { freePort } from "../../../lib/check/play/ports.ts";
import type { CaseReport } from "../../../lib/check/reports/report.ts";

/** How long a report may take, in milliseconds. */
const LIMIT = 60_000;
/** How many are checked at the same time: they wait most of it. */
const LANES = 6;

/** Permission: `reply(text, port)` gives the answer. */
const PERMISSION = `
import re, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
L = []
def reply(t, port):
    p = re.fullmatch("permission([0-9]+)", t.lower())
    r = re.fullmatch("request([0-9]+)", t.lower())
    if port == 1234:
        if not p: return "Invalid Message"
        if p[1] in L: return "Already Permitted"
        L.append(p[1]); return "Permission Accepted"
    if port == 3333:
        if not r: return "Invalid Message"
        return "Request Accepted" if r[1] in L else "Request Rejected"
    return "Port is not allowed to communicate"
while True:
    d, a = s.recvfrom(SIZE)
    print(d.decode(), a, flush=True)
    LINE
`;

function permission(line: string, size = 2048): string {
  return PERMISSION.replace("SIZE", String(size)).replace("LINE", line);
}

const ANSWER = "s.sendto(reply(d.decode(), a[1]).encode(), a)";

/** A client that is typed to, with a line for what it sends and one to end. */
function typing(...lines: string[]): string {
  return [
    "import socket, sys",
    "server = ('127.0.0.1', int(sys.argv[1]))",
    ...lines,
  ].join("\n");
}

const UDP = "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)";
const TCP = "s = socket.create_connection(server)";

interface Row {
  readonly mistake: string;
  readonly mode: ModeName;
  readonly end: "server" | "client";
  readonly source: string;
  readonly hint: RegExp;
}

const ROWS: Row[] = [
  {
    mistake: "if for elif",
    mode: "permission",
    end: "server",
    source: permission(
      `${ANSWER}; a[1] == 1234 and s.sendto(b"Port is not allowed to communicate", a)`,
    ),
    hint: /make it `elif`/,
  },
  {
    mistake: "a port that is not allowed clears the list",
    mode: "permission",
    end: "server",
    source: permission(`${ANSWER}; a[1] in (1234, 3333) or L.clear()`),
    hint: /may clear the list/,
  },
  {
    mistake: "twenty numbers are kept",
    mode: "permission",
    end: "server",
    source: permission(`${ANSWER}; L[:] = L[-20:]`),
    hint: /last permitted numbers/,
  },
  {
    mistake: "twenty bytes are received",
    mode: "permission",
    end: "server",
    source: permission(ANSWER, 20),
    hint: /beginning of a long message/,
  },
  {
    mistake: "changes of the sender are counted",
    mode: "permission",
    end: "server",
    source: permission(
      `${ANSWER}; L.append(a) if a not in L[-1:] else 0; len([x for x in L if type(x) is tuple]) > 3 and sys.exit()`,
    ),
    hint: /changes of the sender/,
  },
  {
    mistake: "the first answer of each start is lost",
    mode: "uppercase",
    end: "server",
    source: typing(
      UDP,
      "s.bind(server)",
      "s.recvfrom(2048)",
      "while True:",
      "    d, a = s.recvfrom(2048); print(d.decode(), flush=True)",
      "    s.sendto(d.upper(), a)",
    ),
    hint: /length of the address/,
  },
  {
    mistake: "an empty message is sent first",
    mode: "permission",
    end: "client",
    source: typing(
      "port = int(input('Client port: '))",
      UDP,
      "s.bind(('127.0.0.1', port)); m = ''",
      "while True:",
      "    s.sendto(m.encode(), server)",
      "    print(s.recvfrom(2048)[0].decode()); m = input('Message: ')",
    ),
    hint: /nextInt/,
  },
  {
    mistake: "one word is read",
    mode: "uppercase",
    end: "client",
    source: typing(
      UDP,
      "while True:",
      "    s.sendto(input('Sentence: ').split()[0].encode(), server)",
      "    print(s.recvfrom(2048)[0].decode())",
    ),
    hint: /first word/,
  },
  {
    mistake: "the line ending stays in the line",
    mode: "uppercase",
    end: "client",
    source: typing(
      UDP,
      "m = ''",
      "while m != 'quit':",
      "    print('Sentence: ', flush=True); m = sys.stdin.readline()",
      "    s.sendto(m.encode(), server)",
      "    print(s.recvfrom(2048)[0].decode(), flush=True)",
    ),
    hint: /fgets, readline/,
  },
  {
    mistake: "another text is sent",
    mode: "uppercase",
    end: "client",
    source: typing(
      UDP,
      "while True:",
      "    input('Sentence: '); s.sendto(b'hello', server)",
      "    print(s.recvfrom(2048)[0].decode())",
    ),
    hint: /what was typed has to be sent/,
  },
  {
    mistake: "it ends after one message",
    mode: "uppercase",
    end: "client",
    source: typing(
      UDP,
      "s.sendto(input('Sentence: ').encode(), server)",
      "print(s.recvfrom(2048)[0].decode())",
    ),
    hint: /only quit ends the client/,
  },
  {
    mistake: "the answer is not read",
    mode: "permission",
    end: "client",
    source: typing(
      UDP,
      "s.bind(('127.0.0.1', int(input('Client port: '))))",
      "while True: s.sendto(input('Message: ').encode(), server)",
    ),
    hint: /may not be read/,
  },
  {
    mistake: "nothing is flushed",
    mode: "sequence",
    end: "client",
    source: typing(
      "side = input('X or Y? '); name = input('Name: ')",
      TCP,
      "f = s.makefile('rw'); f.write(f'Client {side}: {name}\\n')",
      "print(f.readline())",
    ),
    hint: /flush\(\)/,
  },
  {
    mistake: "it waits to be greeted",
    mode: "chat",
    end: "client",
    source: typing(
      TCP,
      "print(s.recv(1024).decode(), flush=True)",
      "s.sendall(input('Message: ').encode())",
      "print(s.recv(1024).decode())",
    ),
    hint: /--greeting/,
  },
  {
    mistake: "the other side is sent",
    mode: "sequence",
    end: "client",
    source: typing(
      "side = input('X or Y? '); name = input('Name: ')",
      TCP,
      "s.sendall(f'Client Z: {name}'.replace('Z', 'YX'[side == 'Y']).encode())",
      "print(s.recv(1024).decode())",
    ),
    hint: /client [XY] sends that/,
  },
  {
    mistake: "str() of a dict",
    mode: "sum",
    end: "client",
    source: typing(
      "n = int(input('Enter an integer: '))",
      TCP,
      "s.sendall(str({'client_name': 'Ana', 'client_number': n}).encode())",
      "print(s.recv(1024))",
    ),
    hint: /json\.dumps/,
  },
  {
    mistake: "a server that greets",
    mode: "sequence",
    end: "server",
    source: typing(
      "l = socket.create_server(server)",
      "cs = [l.accept()[0], l.accept()[0]]",
      "for c, s in zip(cs, 'XY'): c.sendall(f'Client {s} connected'.encode())",
      "ms = [c.recv(1024) for c in cs]",
    ),
    hint: /--greeting/,
  },
  {
    mistake: "both orders are sent",
    mode: "sequence",
    end: "server",
    source: typing(
      "l = socket.create_server(server)",
      "cs = [l.accept()[0], l.accept()[0]]",
      "a, b = [c.recv(1024).decode()[7:] for c in cs]",
      "for c in cs: c.sendall(f'{a} received before {b}\\n{b} received before {a}'.encode())",
    ),
    hint: /under a lock/,
  },
  {
    mistake: "the order of accept",
    mode: "sequence",
    end: "server",
    source: typing(
      "l = socket.create_server(server)",
      "cs = [l.accept()[0], l.accept()[0]]",
      "a, b = [c.recv(1024).decode()[7:] for c in cs]",
      "for c in cs: c.sendall(f'{a} received before {b}'.encode()); c.close()",
    ),
    hint: /order of accept/,
  },
  {
    mistake: "an unknown form",
    mode: "sum",
    end: "server",
    source: typing(
      "l = socket.create_server(server)",
      "while True: c, _ = l.accept(); c.recv(1024); c.sendall(b'error'); c.close()",
    ),
    hint: /--format/,
  },
];

/** What the report says of the failures, until it gives the hint. */
async function hintsOf(row: Row): Promise<string> {
  const { mode, end, source, hint } = row;
  const address = { hostname: "127.0.0.1", port: freePort("127.0.0.1") };
  const command = ["python3", "-c", source, String(address.port)] as const;
  const ending = new AbortController();
  const told: string[] = [];
  const onCase = ({ hint: given }: CaseReport) => {
    if (given !== undefined) told.push(given);
    if (given !== undefined && hint.test(given)) ending.abort();
  };
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(LIMIT)]);
  await runCheck(end, { mode, address, command, signal, onCase });
  return told.join("\n");
}

Deno.test("each hint is given for the mistake that it is about", async (t) => {
  const waiting = [...ROWS];
  const hints = new Map(
    ROWS.map((row) => [row, Promise.withResolvers<string>()]),
  );
  const work = async () => {
    for (let row; (row = waiting.shift());) {
      await hintsOf(row).then(...[
        hints.get(row)!.resolve,
        hints.get(row)!.reject,
      ]);
    }
  };
  const lanes = Array.from({ length: LANES }, work);
  for (const row of ROWS) {
    await t.step(`${row.mode}, ${row.end}: ${row.mistake}`, async () => {
      assertMatch(await hints.get(row)!.promise, row.hint);
    });
  }
  await Promise.all(lanes);
});
