/**
 * What the sockets say to the program around them.
 */
import type { Level } from "../rules/contract.ts";

/** Where the transcript and the log go. */
export interface Journal {
  /** Prints a line of the transcript. */
  print(text: string): void;
  /** Writes a line of the log. */
  log(level: Level, source: string, text: string): void;
  /** Whether what waits to be written is so much that nobody should add to it. */
  readonly isFull: boolean;
  /** Waits until `isFull` is over: to go on before would fill the memory. */
  room(): Promise<void>;
}
