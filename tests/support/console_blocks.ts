/**
 * Reads the `console` blocks of a Markdown file as sessions at terminals; their
 * notation is explained in `tests/programs/console_test.ts`.
 */

/** What happens at a terminal after a command has been entered. */
export type Step =
  | { readonly type: "shows"; readonly text: string }
  | { readonly type: "types"; readonly text: string }
  /** `...`: any lines. */
  | { readonly type: "anything" }
  /** `^C` or `^D`. */
  | { readonly type: "key"; readonly key: "C" | "D" };

/** A line that begins with `$`, and what follows it. */
export interface Command {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** A block. */
export interface TerminalScript {
  readonly line: number;
  readonly commands: readonly Command[];
}

/** Terminals that are opened one after the other. */
export interface Session {
  /** The number of the line with which its first block begins. */
  readonly line: number;
  readonly heading: string;
  readonly terminals: TerminalScript[];
  /** The files that are there, by name. */
  readonly files: ReadonlyMap<string, FileSource>;
}

/** A file's text as the document shows it, or its path in the project. */
export type FileSource = { readonly text: string } | { readonly path: string };

/** What a document has in its `console` blocks. */
export interface Document {
  readonly sessions: readonly Session[];
  /** The blocks that are not run, by their lines. */
  readonly notRun: ReadonlyMap<number, string>;
}

const FENCE = /^(`{3,})(\w*)/;
const HEADING = /^#+ (.*)/;
const NOT_RUN = /^<!-- not run: (.+) -->$/;
const FILE = /^<!-- file ([\w.-]+)(?:: (\S+))? -->$/;

/**
 * Reads a document.
 *
 * @param prompts what our clients ask; what follows one of them is typed
 */
export function readDocument(
  markdown: string,
  prompts: readonly string[],
): Document {
  return new DocumentReader(prompts).read(markdown.split("\n"));
}

class DocumentReader {
  readonly #prompts: readonly string[];
  readonly #sessions: Session[] = [];
  readonly #notRun = new Map<number, string>();
  #files = new Map<string, FileSource>();
  #heading = "";
  /** The session that the next block belongs to, unless text comes between. */
  #session: Session | undefined;
  /** What the comment before the next block says. */
  #reason: string | undefined;
  #fileName: string | undefined;

  constructor(prompts: readonly string[]) {
    this.#prompts = prompts;
  }

  read(lines: readonly string[]): Document {
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at]!;
      const [, fence, language] = FENCE.exec(line) ?? [];
      if (fence === undefined) {
        this.#readText(line);
        continue;
      }
      const end = lines.indexOf(fence, at + 1);
      if (end < 0) throw new Error(`The block of line ${at + 1} has no end`);
      this.#readBlock(language!, at + 1, lines.slice(at + 1, end));
      at = end;
    }
    return { sessions: this.#sessions, notRun: this.#notRun };
  }

  #readText(line: string): void {
    if (line.trim() === "") return;
    const heading = HEADING.exec(line)?.[1];
    const [, name, path] = FILE.exec(line) ?? [];
    if (heading !== undefined) this.#heading = heading;
    else if (NOT_RUN.test(line)) this.#reason = NOT_RUN.exec(line)![1]!;
    else if (path !== undefined) this.#addFile(name!, { path });
    else if (name !== undefined) this.#fileName = name;
    if (line.startsWith("<!--") || /\bterminal\b/.test(line)) return;
    this.#session = undefined;
  }

  #readBlock(language: string, line: number, body: string[]): void {
    const [reason, fileName] = [this.#reason, this.#fileName];
    this.#reason = this.#fileName = undefined;
    if (fileName !== undefined) {
      this.#addFile(fileName, { text: body.join("\n") + "\n" });
    } else if (language !== "console") {
      this.#session = undefined;
    } else if (reason !== undefined) {
      this.#notRun.set(line, reason);
    } else {
      this.#addTerminal({ line, commands: readCommands(body, this.#prompts) });
    }
  }

  /** Sessions keep the files that were there when they began. */
  #addFile(name: string, source: FileSource): void {
    this.#files = new Map(this.#files).set(name, source);
  }

  #addTerminal(terminal: TerminalScript): void {
    if (this.#session !== undefined) {
      this.#session.terminals.push(terminal);
      return;
    }
    this.#session = {
      line: terminal.line,
      heading: this.#heading,
      terminals: [terminal],
      files: this.#files,
    };
    this.#sessions.push(this.#session);
  }
}

function readCommands(
  body: readonly string[],
  prompts: readonly string[],
): Command[] {
  const commands: { text: string; lines: string[] }[] = [];
  for (const line of body) {
    const last = commands.at(-1);
    if (line.startsWith("$ ")) {
      commands.push({ text: line.slice(2), lines: [] });
    } else if (last === undefined) {
      throw new Error(`A console block begins with a command, not ${line}`);
    } else if (last.text.endsWith("\\") && last.lines.length === 0) {
      last.text += `\n${line}`;
    } else {
      last.lines.push(line);
    }
  }
  return commands.map(({ text, lines }) => ({
    text,
    steps: stepsOf(text, lines, prompts),
  }));
}

function stepsOf(
  command: string,
  lines: readonly string[],
  prompts: readonly string[],
): Step[] {
  const isOurs = /\bclient\.ts\b/.test(command);
  const isTyped = isOurs && !/--(check|message)\b|[|<]/.test(command);
  let label = isTyped && ownLabel(command);
  return lines.flatMap((line): Step[] => {
    if (line === "...") return [{ type: "anything" }];
    const [, key] = /^\^([CD])$/.exec(line) ?? [];
    if (key === "C" || key === "D") return [{ type: "key", key }];
    const shows: Step = { type: "shows", text: line };
    const prompt = prompts.find((each) => isTyped && line.startsWith(each));
    if (prompt !== undefined) {
      const typed = line.slice(prompt.length);
      if (/^[XY]$/i.test(typed)) label = `${typed.toUpperCase()}: `;
      return [{ type: "types", text: typed }];
    }
    if (isTyped) label ||= greetedLabel(line);
    if (!label || !/\bchat\b/.test(command) || !line.startsWith(label)) {
      return [shows];
    }
    if (line.includes(" received before ")) return [shows];
    return [{ type: "types", text: line.slice(label.length) }, shows];
  });
}

/** What a chat's typed lines begin with once they have been entered. */
function ownLabel(command: string): string | undefined {
  const side = /--client[ =]([XY])\b/i.exec(command)?.[1];
  return side && `${side.toUpperCase()}: `;
}

function greetedLabel(line: string): string | undefined {
  const side = /^Client ([XY]) connected$/.exec(line)?.[1];
  return side && `${side}: `;
}
