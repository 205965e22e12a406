/**
 * What becomes of cases, whatever the program does: each gets a verdict.
 */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  type Case,
  Finding,
  NotPrinted,
  Skip,
  type Suite,
} from "../../../lib/check/play/case.ts";
import { aCheck } from "../a_check.ts";
import { PLAY_LIMIT, Timeouts } from "../../../lib/check/play/timeouts.ts";
import { Launcher } from "../../../lib/check/program/launcher.ts";
import { isPassed } from "../../../lib/check/reports/report.ts";
import { Runner } from "../../../lib/check/play/runner.ts";
import { type Check, Run } from "../../../lib/check/play/run.ts";

/** A run without a program: a case says what becomes of it. */
class Boards extends Run {
  isClosed = false;
  isBroken = false;

  constructor(check: Check, readonly beginning = () => {}) {
    super(check);
  }

  override begin(): Promise<void> {
    this.beginning();
    return Promise.resolve();
  }

  override get isOver(): boolean {
    return super.isOver || this.isBroken;
  }

  protected override close(): void {
    this.isClosed = true;
  }
}

/** Plays suites; gives what happened, and the verdicts. */
async function play(
  suites: Suite<Boards>[],
  { begin = () => {}, check = aCheck() }: {
    begin?: (count: number) => void;
    check?: Check;
  } = {},
) {
  const runs: Boards[] = [];
  const runner = new Runner<Boards>(check, () => {
    const count = runs.length + 1;
    const run = new Boards(check, () => begin(count));
    runs.push(run);
    return run;
  });
  for (const suite of suites) await runner.play(suite);
  const reports = runner.reports(suites);
  const verdicts = reports.map(({ verdict }) => verdict);
  return { runs, reports, verdicts, passed: isPassed(reports) };
}

function aCase(name: string, play: Case<Boards>["play"]): Case<Boards> {
  return { name, sentence: "text", play };
}

function aNote(name: string, play: Case<Boards>["play"]): Case<Boards> {
  return { name, sentence: undefined, play };
}

const holds = aCase("holds", (run) => {
  run.did("something");
  return Promise.resolve();
});
const fails = aCase("fails", (run) => {
  run.did("something else");
  throw new Finding("this", "that", "a hint");
});
const breaks = aCase("breaks", (run) => {
  run.isBroken = true;
  throw new Finding("this", "nothing");
});
const minor = aNote("minor", () => {
  throw new Finding("this", "that");
});
const skips = aCase("skips", () => {
  throw new Skip("no reason");
});
const after: Case<Boards> = {
  ...aCase("after", (run) => {
    if (!run.isBroken) throw new Finding("a broken run", "another");
    return Promise.resolve();
  }),
  afterwards: true,
};

Deno.test("verdicts", async (t) => {
  const rows: [
    name: string,
    cases: Case<Boards>[],
    verdicts: string[],
    passed: boolean,
  ][] = [
    ["all hold", [holds, { ...holds }], ["ok", "ok"], true],
    ["one fails", [holds, fails], ["ok", "fail"], false],
    ["a note does not count", [holds, minor], ["ok", "note"], true],
    ["what is skipped does not count", [holds, skips], ["ok", "skipped"], true],
    [
      "nothing but notes passes nothing",
      [minor, skips],
      ["note", "skipped"],
      false,
    ],
  ];
  for (const [name, cases, verdicts, passed] of rows) {
    await t.step(name, async () => {
      const played = await play([{ cases }]);
      assertEquals([played.verdicts, played.passed], [verdicts, passed]);
    });
  }
});

Deno.test("a failure tells what was done in its case, expected and came", async () => {
  const { reports } = await play([{ cases: [holds, fails] }]);
  const { done, expected, came, hint, sentence } = reports[1]!;
  assertEquals(
    { done, expected, came, hint, sentence },
    {
      done: ["something else"],
      expected: "this",
      came: "that",
      hint: "a hint",
      sentence: "text",
    },
  );
});

Deno.test("the cases of a suite share a program, each suite has its own", async () => {
  const { runs } = await play([{ cases: [holds, fails] }, {
    cases: [holds],
  }]);
  assertEquals(runs.length, 2);
  assertEquals(runs.every(({ isClosed }) => isClosed), true);
});

Deno.test("a program that has ended is started again for the next case", async () => {
  const { runs, verdicts } = await play([{ cases: [breaks, holds] }]);
  assertEquals([runs.length, verdicts], [2, ["fail", "ok"]]);
});

Deno.test("what is judged afterwards needs the run before, and no other", async (t) => {
  await t.step("which is over", async () => {
    const { runs, verdicts } = await play([{ cases: [breaks, after] }]);
    assertEquals([runs.length, verdicts], [1, ["fail", "ok"]]);
  });
  await t.step("which never was", async () => {
    const begin = (count: number) => {
      if (count === 2) throw new Finding("a start", "a crash");
    };
    const suites = [{ cases: [holds] }, { cases: [{ ...holds }, after] }];
    const { verdicts, passed } = await play(suites, { begin });
    assertEquals([verdicts, passed], [["ok", "fail", "skipped"], false]);
  });
});

Deno.test("a program that never starts fails once, and leaves the rest open", async () => {
  const begin = () => {
    throw new Finding("a start", "a crash");
  };
  const { runs, verdicts, reports } = await play(
    [{ cases: [holds, { ...holds }] }, { cases: [minor] }],
    { begin },
  );
  assertEquals(verdicts, ["fail", "skipped", "skipped"]);
  assertEquals(reports[1]!.reason, "the program did not start");
  assertEquals(runs.length, 1);
});

Deno.test("a case that is skipped for a reason of the machine leaves all open", async () => {
  const blocked = aCase("blocked", () => {
    throw new Skip("a port is in use", true);
  });
  assertEquals((await play([{ cases: [holds, blocked] }])).passed, false);
});

Deno.test("after a failure the next case has a program to itself", async (t) => {
  // Not started here: it only says that it could be.
  const launcher = new Launcher([Deno.execPath()]);
  const rows: [name: string, timeouts: Timeouts, runs: number][] = [
    ["if it can be started again", new Timeouts(), 3],
    ["as long as there is time", new Timeouts(PLAY_LIMIT / 3), 1],
  ];
  for (const [name, timeouts, count] of rows) {
    await t.step(name, async () => {
      const check = aCheck({ launcher, timeouts });
      const cases = [holds, fails, { ...holds }, minor, { ...holds }];
      const { runs, verdicts } = await play([{ cases }], { check });
      assertEquals(verdicts, ["ok", "fail", "ok", "note", "ok"]);
      assertEquals(runs.length, count);
    });
  }
});

Deno.test("what may be in a buffer is skipped, with the cure", async () => {
  const unseen = aCase("unseen", (run) => {
    Object.defineProperty(run, "hasShownAll", { value: false });
    throw new NotPrinted("this", "nothing");
  });
  const launcher = new Launcher([Deno.execPath()]);
  const check = aCheck({ launcher });
  const { reports } = await play([{ cases: [unseen] }], { check });
  assertEquals(reports[0]!.verdict, "skipped");
  assertMatch(reports[0]!.reason!, /--allow-run=.*,python3/);
});

Deno.test("when the time is over the rest is skipped", async () => {
  const check = aCheck({ timeouts: new Timeouts(0) });
  const { verdicts, reports, passed } = await play(
    [{ cases: [holds, minor] }],
    { check },
  );
  assertEquals([verdicts, passed], [["skipped", "skipped"], false]);
  assertEquals(reports[0]!.reason, "the time for the whole check is over");
});

Deno.test("a check that is aborted judges nothing by what did not come any more", async () => {
  const check = aCheck();
  const told: string[] = [];
  const runner: Runner<Boards> = new Runner(
    check,
    () => new Boards(check),
    {
      onBegin: (name) => told.push(`${name} begins`),
      onCase: ({ name, verdict }) => told.push(`${name} ${verdict}`),
    },
  );
  const waits = aCase("waits", async (run) => {
    runner.abort("enough");
    if (!await run.waits(() => false)) throw new Finding("this", "nothing");
  });
  await runner.play({ cases: [holds, waits, { ...holds }] });
  assertEquals(told, [
    ...["holds begins", "holds ok", "waits begins", "waits skipped"],
    "holds skipped",
  ]);
});

Deno.test("a mistake of a case's own is loud", async () => {
  const broken = aCase("broken", () => {
    throw new TypeError("a bug");
  });
  await assertRejects(() => play([{ cases: [broken] }]), TypeError, "a bug");
});
