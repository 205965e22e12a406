/**
 * The recipes of "A class" in the room's README, as they stand there: only the
 * folders and machines that they name are others.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DEADLINE, within } from "../support/harness.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;
const [, CHAPTER = ""] = Deno.readTextFileSync(`${PROJECT}lib/check/README.md`)
  .split("\n## A class\n");
/** Python as user nobody finds it: not in a home directory. */
const PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin";

const RIGHT = Deno.readTextFileSync(
  `${PROJECT}tests/check/programs/permission/server_textbook.py`,
);
const SUBMISSIONS: Record<string, string> = {
  alice: RIGHT,
  bob: RIGHT.replace("Request Rejected", "Request Denied"),
  // Writes its own report over the check's, and ends the check.
  carol: `import os, signal
for n in range(1, 100):
    for fd in (1, 2):
        try: open(f"/proc/{n}/fd/{fd}", "w").write('{"verdict": "passed"}')
        except OSError: pass
    try: os.kill(n, signal.SIGKILL) if n != os.getpid() else None
    except OSError: pass
`,
};

/** The block of the chapter that has a text. */
function recipe(text: string): string {
  const blocks = [...CHAPTER.matchAll(/^```(?:sh|yaml)\n([^]*?)^```$/gm)];
  const block = blocks.find(([, body]) => body!.includes(text));
  if (block === undefined) throw new Error(`no recipe has ${text}`);
  return block[1]!;
}

/** Why the recipes cannot be run here; undefined if they can. */
function lacking(): string | undefined {
  if (Deno.build.os !== "linux") return "this needs Linux";
  const needs = [
    "test $(id -u) = 0",
    "unshare --net --pid --fork --mount-proc ip link set lo up",
    "setpriv --reuid=65534 --clear-groups python3 -c ''",
    "jq --version",
  ];
  const missing = needs.find((each) => !shell(each, "/").success);
  return missing && `this machine cannot ${missing}`;
}

function shell(command: string, cwd: string): Deno.CommandOutput {
  return new Deno.Command("sh", optionsFor(command, cwd)).outputSync();
}

function optionsFor(command: string, cwd: string, extra = {}) {
  const args = ["-c", command];
  const deno = Deno.execPath().replace(/\/[^/]*$/, "");
  return { args, cwd, env: { PATH: `${PATH}:${deno}`, ...extra } };
}

/** Runs a command without waiting for it in between. */
async function run(
  command: string,
  cwd: string,
  env = {},
): Promise<{ code: number; text: string }> {
  const options = optionsFor(command, cwd, env);
  const output = new Deno.Command("sh", options).output();
  const { code, stdout, stderr } = await within(output, command, 4 * DEADLINE);
  const text = new TextDecoder();
  return { code, text: text.decode(stdout) + text.decode(stderr) };
}

/** A copy of the project with the recipes, beside the submissions. */
function laboratory(): string {
  const folder = Deno.makeTempDirSync();
  Deno.chmodSync(folder, 0o755);
  shell(
    `mkdir lab && cp -r ${PROJECT}client.ts ${PROJECT}lib ${PROJECT}deno.json ${PROJECT}deno.lock lab`,
    folder,
  );
  for (const [name, source] of Object.entries(SUBMISSIONS)) {
    Deno.mkdirSync(`${folder}/submissions/${name}`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/submissions/${name}/server.py`, source);
  }
  const script = (path: string, body: string) =>
    Deno.writeTextFileSync(`${folder}/${path}`, body, { mode: 0o755 });
  script("lab/check.sh", recipe("# check.sh"));
  script("lab/class.sh", recipe("# class.sh"));
  script("sudo", '#!/bin/sh\nexec "$@"\n');
  Deno.mkdirSync(`${folder}/broken`);
  script("broken/deno", "#!/bin/sh\nexit 70\n");
  return folder;
}

const why = lacking();

Deno.test({
  name: `the recipes for a class${why ? ` (${why})` : ""}`,
  ignore: why !== undefined,
  async fn(t) {
    const folder = laboratory();
    try {
      await t.step(
        "all submissions of a folder, and their table",
        () => folderOf(folder),
      );
      await t.step("a workflow of GitHub Actions", () => workflow(folder));
      await t.step("Gradescope's run_autograder", () => autograder(folder));
      const parallel = shell("parallel --version", folder).success;
      await t.step({
        name: parallel ? "GNU parallel" : "GNU parallel (not on this machine)",
        ignore: !parallel,
        fn: () => severalMachines(folder),
      });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

async function folderOf(folder: string): Promise<void> {
  const { code, text } = await run("lab/class.sh submissions reports", folder);
  assertEquals([code, text], [0, ""]);
  const table = await run(recipe("jq -r"), folder);
  const rows = table.text.trimEnd().split("\n").map((row) => row.split("\t"));
  assertEquals(rows.map(([name, verdict]) => `${name} ${verdict}`), [
    "alice passed",
    "bob failed",
    "carol failed",
  ]);
  assertMatch(rows[0]![2]!, /^(\d+) of \1$/);
  assertMatch(rows[1]!.join(" "), /rejected/i);
}

async function workflow(folder: string): Promise<void> {
  const block = recipe("runs-on");
  const [, lines = ""] = block.split("        run: |\n");
  const script = lines.replaceAll(/^ {10}/gm, "");
  shell(
    "mkdir actions && cd actions && ln -s ../lab socket-lab && ln -s ../submissions/bob submission",
    folder,
  );
  const { code, text } = await run(
    `bash -eo pipefail -c '${script}'`,
    `${folder}/actions`,
    { PATH: `${folder}:${optionsFor("", "").env.PATH}` },
  );
  assertEquals(code, 1, text);
  assertMatch(text, /required cases hold/);
}

async function autograder(folder: string): Promise<void> {
  const here = `${folder}/autograder`;
  shell(
    `mkdir -p autograder/results && ln -s ../lab autograder/source && ln -s ../submissions/bob autograder/submission`,
    folder,
  );
  const script = recipe("/autograder/results").replaceAll("/autograder", here);
  Deno.writeTextFileSync(`${here}/run_autograder`, script, { mode: 0o755 });
  const container = "unshare --net sh -c 'ip link set lo up; ./run_autograder'";
  const results = async (command: string, env = {}) => {
    await run(command, here, env);
    return JSON.parse(Deno.readTextFileSync(`${here}/results/results.json`));
  };
  const judged = await results(container);
  assert(judged.tests.length > 10);
  const broken = { PATH: `${folder}/broken:${PATH}` };
  const failed = await results("./run_autograder", broken);
  assertEquals(failed.score, 0);
  assertMatch(failed.output, /says nothing about this program/);
}

async function severalMachines(folder: string): Promise<void> {
  const command = recipe("parallel --sshlogin").replace("2/lab1,2/lab2", ":")
    .replaceAll("/opt/socket-lab", `${folder}/lab`);
  const sudo = { PATH: `${folder}:${optionsFor("", "").env.PATH}` };
  const { code, text } = await run(command, folder, sudo);
  assertEquals(code, 0, text);
  const report = Deno.readTextFileSync(`${folder}/submissions/alice.json`);
  assertEquals(JSON.parse(report).verdict, "passed");
}
