/** The page's port beside strangers: what they hold is limited, and pages come through. */
import { assert, assertEquals } from "@std/assert";
import { RawStream, start, until } from "../../support/harness.ts";
import { MAX_REQUEST, MAX_VISITORS } from "../../../lib/trace/view/http.ts";
import { serveView } from "../../../lib/trace/view/view.ts";
import { shownAs } from "./made_up.ts";

/** Opens connections that never finish their request. */
async function openHalf(port: number, count: number) {
  const streams: RawStream[] = [];
  for (let i = 0; i < count; i++) {
    const stream = await RawStream.connect(port);
    streams.push(stream);
    await stream.send("GET / HTTP/1.1\r\nx: ").catch(() => {});
  }
  return { streams, [Symbol.dispose]: () => streams.forEach(closeStream) };
}

function closeStream(stream: RawStream): void {
  stream[Symbol.dispose]();
}

async function pageStatus(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/page.js`);
  await response.body?.cancel();
  return response.status;
}

Deno.test("half requests make room for a page", async () => {
  const view = serveView({ port: 0, ...shownAs("chat", "tcp") });
  try {
    const port = Number(new URL(view.address).port);
    using half = await openHalf(port, MAX_VISITORS + 20);
    await half.streams[0]!.ends();
    assertEquals(await pageStatus(port), 200);
  } finally {
    await view.close();
  }
});

Deno.test("a request may be so long, and has to be one", async () => {
  const view = serveView({ port: 0, ...shownAs("chat", "tcp") });
  const port = Number(new URL(view.address).port);
  const host = `host: 127.0.0.1:${port}\r\n`;
  const get = `GET / HTTP/1.1\r\n${host}`;
  const filled = (size: number) =>
    `${get}x: ${"a".repeat(size - get.length - 7)}\r\n\r\n`;
  const rows: [request: string, status: number][] = [
    [filled(MAX_REQUEST), 200],
    [filled(MAX_REQUEST + 1), 400],
    ["hello\r\n\r\n", 400],
    [`GET http://127.0.0.1/ HTTP/1.1\r\n${host}\r\n`, 400],
    [`GET / HTTP/1.1\r\n${host}${host}\r\n`, 403],
    [`${get}no colon\r\n\r\n`, 400],
  ];
  try {
    for (const [request, status] of rows) {
      using stream = await RawStream.connect(port);
      await stream.send(request);
      const text = await stream.ends();
      assertEquals(text.split(" ")[1], String(status), request.slice(0, 60));
    }
  } finally {
    await view.close();
  }
});

Deno.test({
  name: "out of file descriptors: the page and the game go on",
  ignore: Deno.build.os === "windows", // which has no such limit
  fn: async () => {
    const limited = 'ulimit -n 128; exec "$@"';
    const flags = ["--quiet", "--allow-net=127.0.0.1", "--no-prompt"];
    const args = ["server.ts", "--mode", "chat", "--port", "0", "--view", "0"];
    await using server = await start("sh", [
      ...["-c", limited, "sh", Deno.execPath(), "run", ...flags, ...args],
    ]);
    await server.prints("listening on", server.stderr);
    const [, page] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(server.stderr.text)!;
    const [, game] = /listening on 127\.0\.0\.1:(\d+)/.exec(
      server.stderr.text,
    )!;
    const silent = await Promise.all(
      Array.from({ length: 150 }, () => RawStream.connect(Number(game))),
    );
    try {
      await until(async () => {
        return await pageStatus(Number(page)).catch(() => 0) === 200;
      }, "a page");
      assert(!/Uncaught/.test(server.stderr.text), server.stderr.text);
    } finally {
      silent.forEach(closeStream);
    }
    using x = await RawStream.connect(Number(game));
    await x.send("Client X: Alice\n");
    await server.prints("Client X: Alice\n");
    server.kill("SIGTERM");
    assertEquals(await server.exits(), 0, server.stderr.text);
  },
});
