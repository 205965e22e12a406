/**
 * What the sockets report to the program around them.
 */
import type { Level } from "../rules/contract.ts";

/** Where the transcript and the log go. */
export interface Journal {
  /** Prints a line of the transcript. */
  print(text: string): void;
  /** Writes a line of the log. */
  log(level: Level, source: string, text: string): void;
  /** Whether too much is waiting to be written for anybody to add to it. */
  readonly isFull: boolean;
  /** Waits until `isFull` is false: going on earlier would fill the memory. */
  room(): Promise<void>;
}
