/** `--view`: who may come in, and what is served. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { RawStream } from "../../support/harness.ts";
import { Failure } from "../../../lib/rules/contract.ts";
import { History } from "../../../lib/trace/view/history.ts";
import { serveView, type View } from "../../../lib/trace/view/view.ts";
import { EventReader, textOf } from "./event_reader.ts";
import { at, chat, SERVER, shownAs, START, Wire } from "./made_up.ts";

/** A view that is closed at the end of its test. */
function served(
  options: Partial<Parameters<typeof serveView>[0]> = {},
): View & { port: number } & AsyncDisposable {
  const view = serveView({
    port: 0,
    started: START,
    ...shownAs("chat", "tcp"),
    ...options,
  });
  const port = Number(new URL(view.address).port);
  return { ...view, port, [Symbol.asyncDispose]: () => view.close() };
}

/** Asks for something as a program without manners would; gives the answer. */
async function ask(
  port: number,
  request: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: string }> {
  using stream = await RawStream.connect(port);
  const all = { host: `127.0.0.1:${port}`, connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  await stream.send([`${request} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
  const text = await stream.ends();
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [first = "", ...rest] = head.split("\r\n");
  const pairs = rest.map((line) =>
    line.split(/: (.*)/s, 2) as [string, string]
  );
  return {
    status: Number(first.split(" ")[1]),
    headers: new Headers(pairs),
    body: body.join("\r\n\r\n"),
  };
}

const FILES: Record<string, RegExp> = {
  "/": /^text\/html/,
  "/icon.svg": /^image\/svg\+xml/,
  "/page.css": /^text\/css/,
  "/figure.css": /^text\/css/,
  "/page.js": /^text\/javascript/,
  "/story.js": /^text\/javascript/,
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

function assertClosed(headers: Headers): void {
  const policy = headers.get("content-security-policy") ?? "";
  assertEquals(policy.split("; "), POLICY);
  assertEquals(headers.get("x-content-type-options"), "nosniff");
  assertMatch(headers.get("cache-control") ?? "", /no-store/);
  assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
  assertEquals(headers.get("access-control-allow-origin"), null);
}

Deno.test("serveView() serves the page and its files", async (t) => {
  await using view = served();
  for (const [path, type] of Object.entries(FILES)) {
    await t.step(path, async () => {
      const { status, headers, body } = await ask(view.port, `GET ${path}`);
      assertEquals(status, 200);
      assertMatch(headers.get("content-type") ?? "", type);
      assertClosed(headers);
      assert(body.length > 100);
    });
  }
  await t.step("every module that a module imports", async () => {
    const seen = new Set<string>(["/page.js"]);
    for (const path of seen) {
      const { status, body } = await ask(view.port, `GET ${path}`);
      assertEquals(status, 200, path);
      for (const [, name] of body.matchAll(/from "\.(\/\w+\.js)"/g)) {
        seen.add(name!);
      }
    }
    assert(seen.size > 10, [...seen].join());
  });
});

Deno.test("serveView() needs nothing from elsewhere, and nothing inline", async () => {
  await using view = served();
  for (const path of Object.keys(FILES)) {
    const { body } = await ask(view.port, `GET ${path}`);
    const foreign = body.replaceAll("http://www.w3.org/2000/svg", "")
      .match(/(https?:)?\/\/\w+\.\w+|url\(|@import|innerHTML/g);
    assertEquals(foreign, null, path);
  }
  const { body } = await ask(view.port, "GET /");
  assertEquals(body.match(/<style| style=| on\w+=|<script>/g), null);
});

const REFUSALS: Record<
  string,
  [status: number, request: string, headers?: Record<string, string>]
> = {
  "POST": [405, "POST /"],
  "PUT": [405, "PUT /page.js"],
  "DELETE": [405, "DELETE /events"],
  "OPTIONS": [405, "OPTIONS /events"],
  "HEAD": [405, "HEAD /"],
  "an unknown path": [404, "GET /deno.json"],
  "a path upwards": [404, "GET /../deno.json"],
  "a path upwards, encoded": [404, "GET /%2e%2e/deno.json"],
  "a path in the language's own words": [404, "GET /__proto__"],
  "another host": [403, "GET /", { host: "evil.example" }],
  "another host on this port": [403, "GET /", { host: "evil.example:PORT" }],
  "no port": [403, "GET /", { host: "127.0.0.1" }],
  "another port": [403, "GET /", { host: "127.0.0.1:1" }],
  "an empty host": [403, "GET /", { host: "" }],
  "another address of this machine": [403, "GET /", { host: "127.0.0.2:PORT" }],
  "a host that begins alike": [403, "GET /", { host: "127.0.0.1.evil:PORT" }],
  "events for another host": [403, "GET /events", { host: "evil.example" }],
  "a script for a foreign page": [
    403,
    "GET /page.js",
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
  ],
  "events for a page of another port": [
    403,
    "GET /events",
    { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" },
  ],
};

Deno.test("serveView() lets nobody in", async (t) => {
  await using view = served();
  const { port } = view;
  for (const [name, [status, request, more = {}]] of Object.entries(REFUSALS)) {
    await t.step(`${name}: ${status}`, async () => {
      const headers = Object.fromEntries(
        Object.entries(more).map(([key, value]) =>
          [key, value.replace("PORT", String(port))] as const
        ),
      );
      const answer = await ask(port, request, headers);
      assertEquals(answer.status, status);
      assertClosed(answer.headers);
      assertEquals(answer.headers.get("allow"), status === 405 ? "GET" : null);
    });
  }
});

const WELCOME: Record<string, [request: string, Record<string, string>]> = {
  "localhost": ["GET /", { host: "localhost:PORT" }],
  "LOCALHOST": ["GET /", { host: "LOCALHOST:PORT" }],
  "a link on another site": [
    "GET /",
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
  ],
  "the page itself": [
    "GET /page.js",
    { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
  ],
};

Deno.test("serveView() lets its own page in", async (t) => {
  await using view = served();
  for (const [name, [request, headers]] of Object.entries(WELCOME)) {
    await t.step(name, async () => {
      const host = headers.host?.replace("PORT", String(view.port));
      const answer = await ask(view.port, request, {
        ...headers,
        ...(host ? { host } : {}),
      });
      assertEquals(answer.status, 200);
    });
  }
});

Deno.test("serveView() listens on this machine only", async () => {
  await using view = served();
  assertEquals(view.address, `http://127.0.0.1:${view.port}/`);
});

Deno.test("serveView() says that the port is taken", async () => {
  await using view = served();
  const error = assertThrows(() => served({ port: view.port }), Failure);
  assertEquals(
    error.message,
    `Cannot listen on 127.0.0.1:${view.port}: the port is in use by another ` +
      "program.",
  );
});

Deno.test("serveView() greets a page and shows it what was", async () => {
  await using view = served();
  chat(view.watch);
  await using reader = await EventReader.open(view.address);
  const hello = await reader.next();
  assertEquals(hello?.event, "hello");
  const { run, ...rest } = JSON.parse(hello!.data);
  assertMatch(run, /^[0-9a-f-]{36}$/);
  assertEquals(rest, {
    started: START,
    program: "server",
    mode: "chat",
    transport: "tcp",
    server: "127.0.0.1:12000",
  });
  const { gone, events } = await reader.batch();
  assertEquals(gone, 0);
  assertEquals(events.map(({ seq }) => seq), events.map((_, i) => i));
  assertEquals(events[0]?.type, "open");
  assertEquals(events.at(-1)?.type, "close");
});

Deno.test("serveView() shows an open page what happens", async () => {
  await using view = served();
  await using one = await EventReader.open(view.address);
  await using other = await EventReader.open(view.address);
  await one.next();
  await other.next();
  new Wire(view.watch).datagram(at(1234), SERVER, "hello");
  for (const reader of [one, other]) {
    const { events } = await reader.batch();
    assertEquals(events.map(textOf), ["hello"]);
  }
});

Deno.test("serveView() says how many events are gone", async () => {
  await using view = served({
    history: new History({ events: 3, bytes: 1_000 }),
  });
  const wire = new Wire(view.watch);
  for (const text of ["a", "b", "c", "d", "e"]) {
    wire.datagram(at(1), SERVER, text);
  }
  await using reader = await EventReader.open(view.address);
  const { gone, events } = await reader.batch();
  assertEquals([gone, ...events.map(textOf)], [2, "c", "d", "e"]);
});

Deno.test("serveView() goes on where a page was", async (t) => {
  await using view = served();
  const wire = new Wire(view.watch);
  for (const text of ["a", "b"]) wire.datagram(at(1), SERVER, text);
  const { id } = await readOne(view.address);
  wire.datagram(at(1), SERVER, "c");
  const run = id.split(":")[0];
  const all = ["a", "b", "c"];
  const rows: Record<
    string,
    [Parameters<typeof EventReader.open>[1], string[]]
  > = {
    "by its browser": [{ lastId: id }, ["c"]],
    "by itself": [{ after: id }, ["c"]],
    "by both: the browser knows better": [{ lastId: id, after: `${run}:0:0` }, [
      "c",
    ]],
    "another run": [{ lastId: `${crypto.randomUUID()}:2:2` }, all],
    "a place that has not come": [{ lastId: `${run}:99:99` }, all],
    "no number": [{ lastId: `${run}:-1:x` }, all],
    "too large a number": [{ lastId: `${run}:1e99:${"9".repeat(30)}` }, all],
    "rubbish": [{ after: "::::" }, all],
    "nothing": [{}, all],
  };
  for (const [name, [options, expected]] of Object.entries(rows)) {
    await t.step(name, async () => {
      const { events } = await readOne(view.address, options);
      assertEquals(events.map(textOf), expected);
    });
  }
});

/** The first batch that a page gets. */
async function readOne(
  address: string,
  options: Parameters<typeof EventReader.open>[1] = {},
) {
  await using reader = await EventReader.open(address, options);
  return await reader.batch();
}
