/**
 * `--check`: plays the other end for the program under test, and reports.
 */
import { type CheckOptions, runCheck } from "../check/check.ts";
import { formatReport } from "../check/reports/reports.ts";
import type { Program } from "./common_options.ts";
import type { Settings } from "./flags.ts";
import { type Lab, outputsOf } from "./lab.ts";
import { wireTime } from "../net/stream_watch.ts";
import { Keyboard } from "./keyboard.ts";
import type { Printer } from "./terminal.ts";

/** What a check needs from the program around it. */
interface Surroundings {
  readonly lab: Lab;
  readonly signal: AbortSignal;
  /** Does what Ctrl-C does. */
  readonly interrupt: () => void;
}

/**
 * Checks a program, and prints the report.
 *
 * @returns whether every requirement was met
 * @throws {Failure} if the check cannot be run
 */
export async function checkProgram(
  program: Program,
  settings: Settings,
  printer: Printer,
  { lab: { network, watcher }, signal, interrupt }: Surroundings,
): Promise<boolean> {
  const { modeName, address, lab: { faults: { seed } } } = settings;
  const check = settings.check!;
  const { report: format, command } = check;
  const keyboard = new Keyboard(printer, interrupt);
  const options: CheckOptions = {
    mode: modeName,
    address,
    ...seed !== undefined && { seed },
    options: check.options,
    ...command.length > 0 && { command },
    ...keyboard.interactive && { person: personAt(keyboard, printer) },
    network,
    signal,
    // The headings in a trace.
    onBegin: (name) =>
      watcher({
        type: "remark",
        time: wireTime(),
        from: address,
        to: address,
        text: `case: ${name}`,
      }),
    // Nobody likes a screen that looks frozen.
    ...Deno.stderr.isTerminal() && {
      onCase: ({ verdict, name }) =>
        printer.log("info", "check", `${verdict}: ${name}`),
    },
  };
  try {
    const subject = program === "client" ? "server" : "client";
    const report = await runCheck(subject, options);
    const { report: output } = outputsOf(settings);
    printer.write(output, `${formatReport(format, report)}\n`);
    return report.passed;
  } finally {
    keyboard.close();
  }
}

/** The person who starts by hand what this program is not allowed to start. */
function personAt(keyboard: Keyboard, printer: Printer) {
  return {
    tell: (text: string) => printer.log("info", "check", text),
    confirm: async (text: string) =>
      await keyboard.ask(`${text} Then press Enter. `) !== undefined,
  };
}
