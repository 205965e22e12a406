/**
 * Linux, macOS and Windows, as far as they differ: each system's errors and
 * signals, made by hand, have the same meaning.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stub } from "@std/testing/mock";
import {
  cannotConnect,
  cannotListen,
  cannotSend,
  connectionLost,
  type NetworkFailure,
} from "../../lib/net/errors.ts";
import {
  isOutOfFiles,
  isReset,
  isTooLong,
  onSignal,
} from "../../lib/net/system.ts";

const permissions = "none";
const { errors } = Deno;
const SERVER = { hostname: "127.0.0.1", port: 12000 };

/** What Linux, macOS and Windows say, with the class that Deno gives it. */
function said(
  kind: new (message: string) => Error,
  numbers: readonly [linux: number, mac: number, windows: number],
): Error[] {
  return numbers.map((number) => new kind(`In words. (os error ${number})`));
}

const tooLong = said(Error, [90, 40, 10040]).map((error) =>
  Object.assign(error, { code: "EMSGSIZE" })
);
const MEANINGS: readonly [Error[], (error: Error) => Error, string][] = [
  [
    said(errors.AddrInUse, [98, 48, 10048]),
    (error) => cannotListen(SERVER, error),
    "Cannot listen on 127.0.0.1:12000: the port is in use by another program.",
  ],
  [
    said(errors.AddrNotAvailable, [99, 49, 10049]),
    (error) => cannotListen(SERVER, error),
    "Cannot listen on 127.0.0.1:12000: this machine does not have that address.",
  ],
  [
    said(errors.ConnectionRefused, [111, 61, 10061]),
    (error) => cannotConnect(SERVER, 1000, error),
    "Cannot connect to 127.0.0.1:12000: nobody is listening there.",
  ],
  [
    [
      ...said(errors.ConnectionReset, [104, 54, 10054]),
      ...said(errors.ConnectionAborted, [103, 53, 10053]),
      ...said(errors.NotConnected, [107, 57, 10057]),
      ...said(errors.BrokenPipe, [32, 32, 232]),
    ],
    (error) => connectionLost(SERVER, error),
    "Lost the connection to 127.0.0.1:12000: the server has gone. Look at what it printed, and start it again.",
  ],
  [
    tooLong,
    (error) => cannotSend(SERVER, error),
    "Cannot send to 127.0.0.1:12000: the message is longer than a datagram may be on this system. Send a shorter one.",
  ],
];

Deno.test(
  "an error means the same on every system",
  { permissions },
  async (t) => {
    for (const [samples, explain, message] of MEANINGS) {
      for (const error of samples) {
        await t.step(`${error.name} ${error.message}`, () => {
          const failure = explain(error);
          assertEquals(failure.message, message);
          assertEquals(failure.cause, error);
        });
      }
    }
  },
);

Deno.test("a port that is refused: a low one, and one that Windows set aside", {
  permissions,
}, () => {
  const failed = (port: number, number: number) => {
    const error = new errors.PermissionDenied(`No. (os error ${number})`);
    const failure = cannotListen({ ...SERVER, port }, error);
    const { trouble, message } = failure as NetworkFailure;
    return [trouble, message];
  };
  const low = "Cannot listen on 127.0.0.1:80: the system keeps that port for " +
    "administrators.";
  const high = "Cannot listen on 127.0.0.1:12000: the system has set that " +
    "port aside for something else.";
  for (const number of [13, 10013]) {
    assertEquals(failed(80, number), ["port reserved", low]);
    assertEquals(failed(12000, number), ["port withheld", high]);
  }
});

Deno.test(
  "errors are told apart by their whole numbers",
  { permissions },
  () => {
    for (const error of tooLong) assert(isTooLong(error), error.message);
    for (const error of said(Error, [24, 23, 10024])) {
      assert(isOutOfFiles(error), error.message);
      assert(!isTooLong(error), error.message);
    }
    const others = ["(os error 240)", "(os error 4)", "90", "(os error 1004)"];
    for (const text of others) {
      const error = new Error(text);
      assert(!isOutOfFiles(error) && !isTooLong(error), text);
      assert(!isReset(error), text);
    }
    assert(!isTooLong(undefined));
  },
);

Deno.test("a signal that a system lacks is left out", { permissions }, () => {
  const listeners = new Set<string>();
  using _add = stub(Deno, "addSignalListener", (signal: Deno.Signal) => {
    // As Deno 2.5 on Windows does.
    if (!["SIGINT", "SIGBREAK", "SIGHUP"].includes(signal)) {
      throw new TypeError("Windows only supports ctrl-c (SIGINT)");
    }
    listeners.add(signal);
  });
  using _remove = stub(Deno, "removeSignalListener", (signal: Deno.Signal) => {
    assert(listeners.delete(signal), `${signal} was never listened to`);
  });
  const signals: Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH"];
  const removals = signals.map((signal) => onSignal(signal, () => {}));
  assertEquals([...listeners], ["SIGINT", "SIGHUP"]);
  for (const remove of removals) remove();
  assertEquals(listeners.size, 0);
});

Deno.test(
  "any other failure to listen to a signal is told",
  { permissions },
  () => {
    using _ = stub(Deno, "addSignalListener", () => {
      throw new Error("a bug");
    });
    let message = "";
    try {
      onSignal("SIGINT", () => {});
    } catch (error) {
      message = String(error);
    }
    assertStringIncludes(message, "a bug");
  },
);
