/**
 * What a listener has to know about an assignment besides its rules: what the
 * text leaves open, and how to find an answer amid what correct servers add.
 */
import { addressOf, type Peer, quote } from "../contract.ts";

/** A departure from the assignment. */
export interface Remark {
  /** Who did it: this client, or the server towards it. */
  readonly by: "client" | "server";
  readonly client: Peer;
  readonly text: string;
  /** Whether it is about something that was not said. */
  readonly isSilence: boolean;
}

/** What made something due. */
export interface Cause {
  readonly client: Peer;
  /**
   * What it said; undefined for bytes that are not text, and for a connection.
   */
  readonly message: string | undefined;
  /** When, in milliseconds. */
  readonly time: number;
}

/** What the server has to say. */
export interface Expected {
  readonly text: string;
  readonly cause: Cause;
  /** How long before its cause a client last spoke, in milliseconds. */
  readonly gap: number;
  /** Whether the assignment leaves open what is said, if anything. */
  readonly isOpen: boolean;
}

/**
 * How a server's words were understood: they hold what was expected, and a
 * rest; or they never will, and why. Undefined if that is not known yet.
 */
export type Reading =
  | { readonly rest: string }
  | { readonly problem: string }
  | undefined;

/** How one assignment's server is listened to. It may remember what was said. */
export interface Hearing {
  /** Whether what a server says may come in pieces, as on a stream. */
  readonly isStream: boolean;
  /** Whether the assignment says that the server ends when ours does. */
  readonly endsServer?: true;
  /** Whether the server has to close the connections that ours closes. */
  readonly closes?: true;
  /** Whether nothing can be judged after a client's message in the wrong form. */
  readonly needsForm?: true;
  /** Whether the assignment settles the answer. Called for each message. */
  settles?(client: Peer, message: string | undefined): boolean;
  /**
   * What the assignment asks for when our server sends this; undefined if only
   * our server does so.
   */
  asks(text: string, cause: Cause): string | undefined;
  /**
   * Looks for what was expected in what the server has said to a client.
   *
   * @param isWhole whether nothing has followed for a while
   */
  read(said: string, expected: Expected, isWhole: boolean): Reading;
  /** Called for each expected text that was found. */
  met?(client: Peer, text: string): void;
  /** What is wrong with words that nothing asked for. */
  unasked?(client: Peer, said: string): string | undefined;
  /** What is wrong if the server ends a connection that ours would not. */
  ended?(client: Peer): string | undefined;
  /** Whether this is an answer, when there must be none. */
  isAnswer?(said: string): boolean;
}

/** A cause in words: `"permission7" from 127.0.0.1:1234`. */
export function wordsOf({ client, message }: Cause): string {
  const what = message === undefined ? "what came" : quote(message);
  return `${what} from ${addressOf(client)}`;
}
