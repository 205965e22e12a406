/**
 * Options: each is declared once, by the mode that has it, and everything else
 * follows from that: `--help`, the checking of the command line, near misses,
 * the question at the prompt, and the type of what the rules are given.
 */
import { type Dialogue, Failure, type Framing } from "./contract.ts";

/** An option of the command line whose values are of type `T`. */
export interface Option<Name extends string, T> {
  /** As it is written after `--`. */
  readonly name: Name;
  /** What stands for the value in `--help`: `N`, `X|Y`; nothing for a flag. */
  readonly placeholder?: string;
  readonly help: string;
  /** The value if it is not given, and so the `[default]` in `--help`. */
  readonly default: T;
  /** Whether it may be given more than once: then `T` is an array. */
  readonly repeats?: true;
  /** How the client asks for it if it is not given. */
  readonly question?: Question;
  /**
   * Whether `--check` takes it, too: it says which edition of the assignment,
   * or which message form, the other program uses.
   */
  readonly check?: true;
  /** @throws {RangeError} saying what the text is not, such as "not a port" */
  parse(text: string): unknown;
}

/** How a client asks for an option. */
interface Question {
  readonly prompt: string;
  /** What it asks for, with its article: "a client port". */
  readonly noun: string;
  /** What to say about an invalid answer. */
  complaint(answer: string): string;
  /** The names of options that make the question unnecessary. */
  readonly unless?: readonly string[];
}

/** An option, whatever its values. */
// deno-lint-ignore no-explicit-any -- the only type that all of them fit
export type AnyOption = Option<string, any>;

/** What the rules are given: the value of each option, by its name. */
export type ValuesOf<O extends AnyOption> = {
  readonly [P in O as CamelCase<P["name"]>]: P extends Option<string, infer T>
    ? T
    : never;
};

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** The name under which the rules find an option: `max-clients` as `maxClients`. */
export function propertyOf({ name }: AnyOption): string {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

/** The values of options when nothing is given. */
export function defaultsOf<O extends AnyOption>(
  options: readonly O[],
): ValuesOf<O> {
  const entries = options.map((each) => [propertyOf(each), each.default]);
  return Object.fromEntries(entries) as ValuesOf<O>;
}

/** What a declaration says besides the name. */
interface Declaration<T> {
  readonly help: string;
  readonly default: T;
  readonly placeholder?: string;
  readonly check?: true;
}

/** A whole number. */
export function integer<
  const Name extends string,
  D extends number | undefined,
>(
  name: Name,
  { from, to, ...rest }: Declaration<D> & { from: number; to: number },
): Option<Name, number | D> {
  return {
    name,
    placeholder: "N",
    ...rest,
    parse(text) {
      const number = Number(text);
      const isInteger = /^[+-]?[0-9]+$/.test(text);
      if (isInteger && number >= from && number <= to) return number;
      throw new RangeError(`not a whole number from ${from} to ${to}`);
    },
  };
}

/** The highest port. */
export const MAX_PORT = 65_535;

/** A port. */
export function port<const Name extends string>(
  name: Name,
  { from = 0, ...rest }: Declaration<undefined> & { from?: number },
): Option<Name, number | undefined> {
  const range = { from, to: MAX_PORT };
  return integer(name, { placeholder: "PORT", ...rest, ...range });
}

/** A text that is not just spaces. */
export function text<const Name extends string, D extends string | undefined>(
  name: Name,
  declaration: Declaration<D>,
): Option<Name, string | D> {
  return {
    name,
    placeholder: "TEXT",
    ...declaration,
    parse(text) {
      if (text.trim() !== "") return text;
      throw new RangeError("empty: give it at least one letter");
    },
  };
}

/** Texts of any kind, even empty ones, for an option that may repeat. */
export function texts<const Name extends string>(
  name: Name,
  declaration: Omit<Declaration<never>, "default">,
): Option<Name, readonly string[]> {
  return {
    name,
    placeholder: "TEXT",
    ...declaration,
    default: [],
    repeats: true,
    parse: (text) => text,
  };
}

/** One of a few words, letter case ignored. */
export function oneOf<
  const Name extends string,
  const Word extends string,
  const D extends Word | undefined,
>(
  name: Name,
  words: readonly Word[],
  declaration: Declaration<D>,
): Option<Name, Word | D> & { readonly words: readonly Word[] } {
  return {
    name,
    words,
    placeholder: words.join("|"),
    ...declaration,
    parse(text) {
      const lower = text.toLowerCase();
      const word = words.find((each) => each.toLowerCase() === lower);
      if (word !== undefined) return word;
      throw new RangeError(`none of ${words.join(", ")}`);
    },
  };
}

/** An option without a value: it is given or not. */
export function flag<const Name extends string>(
  name: Name,
  help: string,
  also: { readonly check?: true } = {},
): Option<Name, boolean> {
  return { name, help, default: false, ...also, parse: () => true };
}

/** An option that the client asks for if it is not given. */
export function asked<Name extends string, T>(
  option: Option<Name, T>,
  question: Question,
): Option<Name, T> & Asked {
  return { ...option, question };
}

/** An option that can be asked for. */
interface Asked {
  readonly question: Question;
}

/**
 * Asks for an option until the answer is valid.
 *
 * @throws {Failure} when the input ends
 */
export async function askFor<T>(
  io: Dialogue,
  option: Option<string, T> & Asked,
): Promise<Exclude<T, undefined>> {
  const { prompt, noun, complaint } = option.question;
  for (;;) {
    const answer = await io.ask(prompt);
    if (answer === undefined) {
      throw new Failure(
        `The input ended before ${noun} was given. Give it with --${option.name}.`,
      );
    }
    try {
      return option.parse(answer.trim()) as Exclude<T, undefined>;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      io.log("error", "client", complaint(answer));
    }
  }
}

/** What a client says in place of a person at the keyboard. */
export const MESSAGE = texts("message", {
  help: "send this and exit; may be repeated",
});

/** How a TCP server finds the end of a message. */
export const MESSAGE_END = oneOf("framing", ["auto", "line"], {
  default: "auto",
  help: "take silence for the end of a message, too, or only a line feed",
});

/** How a TCP client ends its messages. */
export function framing<const D extends Framing>(byDefault: D) {
  const words: readonly Framing[] = ["auto", "line", "raw"];
  return oneOf("framing", words, {
    help: "end messages as the server does, with a line feed, or with nothing",
    default: byDefault,
  });
}
