/**
 * A relay on a Mac, which has 127.0.0.2 only once somebody has made it.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { readFlags, type Settings } from "../../lib/cli/flags.ts";
import type { Lab } from "../../lib/cli/lab.ts";
import { relay } from "../../lib/cli/relaying.ts";
import { DIRECT } from "../../lib/net/wire.ts";
import { Failure } from "../../lib/rules/contract.ts";
import { collectingPrinter } from "../support/in_process.ts";

const UPSTREAM = { hostname: "127.0.0.1", port: 12001 };

Deno.test(
  "permission: macOS has no second address, and is told how to make it",
  async () => {
    const args = ["--mode", "permission", "--upstream", "12001"];
    const settings = await readFlags("server", args) as Settings;
    const lab = { toward: { server: DIRECT, client: DIRECT }, watcher() {} };
    const { printer } = collectingPrinter();
    const { signal } = new AbortController();
    const granted = { state: "granted" } as Deno.PermissionStatus;
    using _permitted = stub(Deno.permissions, "querySync", () => granted);
    const asked: (string | undefined)[] = [];
    using _ = stub(
      Deno,
      "listenDatagram",
      ({ hostname }: Deno.UdpListenOptions) => {
        asked.push(hostname);
        const text = "Can't assign requested address (os error 49)";
        throw new Deno.errors.AddrNotAvailable(text);
      },
    );
    const { message } = await assertRejects(
      () =>
        relay(
          settings,
          UPSTREAM,
          printer,
          signal,
          lab as unknown as Lab,
          () => {},
        ),
      Failure,
    );
    assertEquals(
      message,
      "This machine does not have the address 127.0.0.2, from which the server " +
        "is to see each client's own port. On macOS, make it first: " +
        "sudo ifconfig lo0 alias 127.0.0.2",
    );
    assertEquals(asked, ["127.0.0.2"]);
  },
);
