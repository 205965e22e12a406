/**
 * Reading the requests of sum clients, and answering in their form.
 */
import { assert, assertEquals } from "@std/assert";
import {
  readRequest,
  type ReplyForm,
  write,
} from "../../../lib/check/cases/sum_request.ts";

interface Row {
  readonly request: string;
  readonly format?: string;
  readonly plain: string;
  readonly summed: string;
}

const usual = {
  name: "Eve",
  number: 10,
  serverName: "Eve",
  serverNumber: 10,
  server_name: "Eve",
  server_number: 10,
  sum: 35,
};

const ROWS: Row[] = [
  {
    request: '{"client_name": "Tomi", "client_number": 25}',
    plain: '{"server_name":"Eve","server_number":10,"sum":35}',
    summed: JSON.stringify(usual),
  },
  {
    request: '{"client_name": "Tomi", "client_number": "25"}',
    plain: '{"server_name":"Eve","server_number":"10","sum":"35"}',
    summed: JSON.stringify({
      ...usual,
      number: "10",
      serverNumber: "10",
      server_number: "10",
      sum: "35",
    }),
  },
  {
    request: '{"name": "Tomi", "number": 25}',
    plain: '{"name":"Eve","number":10}',
    summed: JSON.stringify(usual),
  },
  { request: "Tomi,25", plain: "Eve,10", summed: "Eve,10,35" },
  { request: "Tomi, 25", plain: "Eve, 10", summed: "Eve, 10, 35" },
  { request: "Tomi 25", plain: "Eve 10", summed: "Eve 10 35" },
  { request: "Tomi|25", plain: "Eve|10", summed: "Eve|10|35" },
  { request: "Tomi;25", plain: "Eve;10", summed: "Eve;10;35" },
  { request: "Tomi:25", plain: "Eve:10", summed: "Eve:10:35" },
  { request: "Tomi\n25", plain: "Eve\n10", summed: "Eve\n10\n35" },
  {
    request: "25/Tomi",
    format: "NUMBER/NAME",
    plain: "10/Eve",
    summed: "10/Eve/35",
  },
];

const ANSWER = { name: "Eve", number: 10, sum: 35, stops: false };

Deno.test("a request is answered in its own form", async (t) => {
  for (const { request, format, ...replies } of ROWS) {
    await t.step(JSON.stringify(request), () => {
      const read = readRequest(request, format);
      if ("problem" in read) throw new Error(read.problem);
      assertEquals([read.name, read.number], ["Tomi", 25]);
      for (const [form, reply] of Object.entries(replies)) {
        assertEquals(write(ANSWER, read, form as ReplyForm), reply);
      }
    });
  }
});

Deno.test("what is no request has a problem", async (t) => {
  const rows: [string, string | undefined][] = [
    ["", undefined],
    ["25", undefined],
    ["Tomi", undefined],
    ['{"client_number": 25}', undefined],
    ['{"client_name": "Tomi"}', undefined],
    ['{"client_name": "Tomi", "client_number": 2.5}', undefined],
    ["Tomi,25", "NAME|NUMBER"],
  ];
  for (const [request, format] of rows) {
    await t.step(JSON.stringify(request), () => {
      assert("problem" in readRequest(request, format));
    });
  }
});

Deno.test("a request that is sent twice is seen", async (t) => {
  const json = '{"client_name": "Tomi", "client_number": 25}';
  for (const one of [json, json + "\n", "Tomi,25", "Tomi,25\n"]) {
    await t.step(JSON.stringify(one), () => {
      const both = readRequest(one + one, undefined);
      assertEquals(both, { problem: "it is sent twice" });
    });
  }
});
