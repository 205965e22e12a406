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
  /** Whether so much waits to be written that whoever adds to it should wait. */
  readonly isFull: boolean;
  /** Waits until `isFull` is over: whoever goes on before fills the memory. */
  room(): Promise<void>;
}
