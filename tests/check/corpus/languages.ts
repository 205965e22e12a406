/**
 * How a sample program becomes a command, for each language; what a machine
 * lacks is found out once.
 */

/** How the programs of a language are made and started. */
interface Language {
  /** What it takes; the first that works is used. */
  readonly tools: readonly string[];
  /** Arguments that try a tool. If they print a path, that is the tool. */
  readonly trial: readonly string[];
  /** The file that a program is written to. */
  readonly file: string;
  /** The arguments that compile it, in its folder. */
  readonly compile?: readonly string[];
  readonly start: (tool: string, file: string, folder: string) => string[];
}

const VERSION = ["--version"];
/** The program in the path may be a script that looks for Python at each start. */
const EXECUTABLE = ["-c", "import sys; print(sys.executable)"];
const NOTHING = ["-c", ":"];

function interpreted(
  file: string,
  trial: readonly string[],
  ...tools: string[]
): Language {
  return { tools, trial, file, start: (tool, file) => [tool, file] };
}

function compiled(file: string, tool: string): Language {
  const compile = ["-o", "program", file];
  const start: Language["start"] = (_, __, folder) => [`${folder}/program`];
  return { tools: [tool], trial: VERSION, file, compile, start };
}

const PYENV = Deno.env.get("PYENV_ROOT") ?? "";
const PYTHON_2 = [
  ...["python2.7", "python2", `${PYENV}/versions/2.7.18/bin/python2.7`],
];

/** By what the name of a file ends with. */
const LANGUAGES: Record<string, Language> = {
  py: interpreted("program.py", EXECUTABLE, "python3"),
  py2: interpreted("program.py", EXECUTABLE, ...PYTHON_2),
  pl: interpreted("program.pl", VERSION, "perl"),
  js: interpreted("program.js", VERSION, "node"),
  sh: interpreted("program.sh", NOTHING, "sh"),
  bash: interpreted("program.bash", NOTHING, "bash"),
  c: compiled("program.c", "gcc"),
  cpp: compiled("program.cpp", "g++"),
  java: {
    ...{ tools: ["javac"], trial: VERSION, file: "Program.java" },
    compile: ["Program.java"],
    start: (_, __, folder) => ["java", "-cp", folder, "Program"],
  },
};

const found = new Map<Language, string | undefined>();

/** Why programs of a language cannot be checked here; undefined if they can. */
export function lacking(extension: string): string | undefined {
  const language = languageOf(extension);
  if (toolOf(language) !== undefined) return undefined;
  return `this machine has no ${language.tools[0]}`;
}

/**
 * Writes a program to a folder, and compiles it.
 *
 * @returns the command that starts it
 * @throws {Error} with what the compiler says
 */
export function make(
  source: string,
  extension: string,
  folder: string,
): string[] {
  const language = languageOf(extension);
  const { file, compile, start } = language;
  const tool = toolOf(language)!;
  Deno.writeTextFileSync(`${folder}/${file}`, source);
  if (compile !== undefined) {
    const options = { args: [...compile], cwd: folder };
    const { success, stderr } = new Deno.Command(tool, options).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }
  return start(tool, `${folder}/${file}`, folder);
}

/** Where programs are looked for: Python itself before a script of its name. */
export function searchPath(): string {
  const python = toolOf(languageOf("py")) ?? "";
  const folder = python.replace(/[/\\][^/\\]*$/, "");
  const separator = Deno.build.os === "windows" ? ";" : ":";
  return [folder, Deno.env.get("PATH")].join(separator);
}

function languageOf(extension: string): Language {
  const language = LANGUAGES[extension];
  if (language === undefined) throw new Error(`no language for .${extension}`);
  return language;
}

function toolOf(language: Language): string | undefined {
  if (!found.has(language)) {
    const { tools, trial } = language;
    const [tool] = tools.flatMap((each) => tryOut(each, trial) ?? []);
    found.set(language, tool);
  }
  return found.get(language);
}

/** @returns the tool, or what it says that it is; undefined if it is not there */
function tryOut(tool: string, trial: readonly string[]): string | undefined {
  const options = { args: [...trial], stderr: "null" as const };
  try {
    const { success, stdout } = new Deno.Command(tool, options).outputSync();
    const [line = ""] = new TextDecoder().decode(stdout).split("\n");
    if (!success) return undefined;
    return trial === EXECUTABLE ? line.trim() : tool;
  } catch {
    return undefined; // no such program
  }
}
