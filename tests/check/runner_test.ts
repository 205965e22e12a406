/**
 * What becomes of cases, whatever the program does: each gets a verdict.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { Bell } from "../../lib/check/bell.ts";
import {
  type Case,
  Finding,
  type Life,
  note,
  required,
  requiredAfterwards,
  Skip,
} from "../../lib/check/case.ts";
import { Draw } from "../../lib/check/draw.ts";
import { Patience } from "../../lib/check/patience.ts";
import { isPassed } from "../../lib/check/report.ts";
import { NotBegun, Runner } from "../../lib/check/runner.ts";
import { Stage, type World } from "../../lib/check/stage.ts";

function worldWith(patience = new Patience()): World {
  return {
    mode: "uppercase",
    address: { hostname: "127.0.0.1", port: 1 },
    bell: new Bell(),
    patience,
    draw: new Draw(1),
    starter: undefined,
    person: undefined,
    greeting: false,
    format: undefined,
    known: new Map(),
  };
}

/** A stage without a program: a case says what becomes of it. */
class Boards extends Stage {
  isClosed = false;
  isBroken = false;

  override get isOver(): boolean {
    return super.isOver || this.isBroken;
  }

  protected override close(): void {
    this.isClosed = true;
  }
}

/** Plays lives; gives what happened, and the verdicts. */
async function play(
  lives: Life<Boards>[],
  { begin = () => {}, world = worldWith() }: {
    begin?: (count: number) => void;
    world?: World;
  } = {},
) {
  const stages: Boards[] = [];
  const runner = new Runner<Boards>(world, async () => {
    const stage = new Boards(world);
    stages.push(stage);
    try {
      begin(stages.length);
    } catch (error) {
      await stage.end();
      throw new NotBegun(stage, error);
    }
    return stage;
  });
  for (const life of lives) await runner.play(life);
  const reports = runner.reports(lives);
  const verdicts = reports.map(({ verdict }) => verdict);
  return { stages, reports, verdicts, passed: isPassed(reports) };
}

const holds = required<Boards>("holds", "text", (stage) => {
  stage.did("something");
  return Promise.resolve();
});
const fails = required<Boards>("fails", "text", (stage) => {
  stage.did("something else");
  throw new Finding("this", "that", "a hint");
});
const breaks = required<Boards>("breaks", "text", (stage) => {
  stage.isBroken = true;
  throw new Finding("this", "nothing");
});
const minor = note<Boards>("minor", () => {
  throw new Finding("this", "that");
});
const skips = required<Boards>("skips", "text", () => {
  throw new Skip("no reason");
});
const after: Case<Boards> = requiredAfterwards("after", "text", (stage) => {
  if (!stage.isBroken) throw new Finding("a broken stage", "another");
  return Promise.resolve();
});

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

Deno.test("the cases of a life share a program, each life has its own", async () => {
  const { stages } = await play([{ cases: [holds, fails] }, {
    cases: [holds],
  }]);
  assertEquals(stages.length, 2);
  assertEquals(stages.every(({ isClosed }) => isClosed), true);
});

Deno.test("a program that has ended is started again for the next case", async () => {
  const { stages, verdicts } = await play([{ cases: [breaks, holds] }]);
  assertEquals([stages.length, verdicts], [2, ["fail", "ok"]]);
});

Deno.test("what is judged afterwards needs the life before, and no other", async (t) => {
  await t.step("which is over", async () => {
    const { stages, verdicts } = await play([{ cases: [breaks, after] }]);
    assertEquals([stages.length, verdicts], [1, ["fail", "ok"]]);
  });
  await t.step("which never was", async () => {
    const begin = (count: number) => {
      if (count === 2) throw new Finding("a start", "a crash");
    };
    const lives = [{ cases: [holds] }, { cases: [{ ...holds }, after] }];
    const { verdicts, passed } = await play(lives, { begin });
    assertEquals([verdicts, passed], [["ok", "fail", "skipped"], false]);
  });
});

Deno.test("a program that never starts fails once, and leaves the rest open", async () => {
  const begin = () => {
    throw new Finding("a start", "a crash");
  };
  const { stages, verdicts, reports } = await play(
    [{ cases: [holds, { ...holds }] }, { cases: [minor] }],
    { begin },
  );
  assertEquals(verdicts, ["fail", "skipped", "skipped"]);
  assertEquals(reports[1]!.reason, "the program did not start");
  assertEquals(stages.length, 1);
});

Deno.test("a case that is skipped for a reason of the machine leaves all open", async () => {
  const blocked = required<Boards>("blocked", "text", () => {
    throw new Skip("a port is in use", true);
  });
  assertEquals((await play([{ cases: [holds, blocked] }])).passed, false);
});

Deno.test("when the time is over the rest is skipped", async () => {
  const world = worldWith(new Patience(0));
  const { verdicts, reports, passed } = await play(
    [{ cases: [holds, minor] }],
    { world },
  );
  assertEquals([verdicts, passed], [["skipped", "skipped"], false]);
  assertEquals(reports[0]!.reason, "the time for the whole check is over");
});

Deno.test("a check that is aborted judges nothing by what did not come any more", async () => {
  const world = worldWith();
  const told: string[] = [];
  const runner: Runner<Boards> = new Runner(
    world,
    () => Promise.resolve(new Boards(world)),
    ({ name, verdict }) => told.push(`${name} ${verdict}`),
  );
  const waits = required<Boards>("waits", "text", async (stage) => {
    runner.abort("enough");
    if (!await stage.waits(() => false)) throw new Finding("this", "nothing");
  });
  await runner.play({ cases: [holds, waits, { ...holds }] });
  assertEquals(told, ["holds ok", "waits skipped", "holds skipped"]);
});

Deno.test("a mistake of a case's own is loud", async () => {
  const broken = required<Boards>("broken", "text", () => {
    throw new TypeError("a bug");
  });
  await assertRejects(() => play([{ cases: [broken] }]), TypeError, "a bug");
});
