/**
 * What the sockets say to the program around them.
 */
import type { Level } from "../rules/contract.ts";

/** Where the transcript and the log go. */
export interface Report {
  /** Prints a line of the transcript. */
  print(text: string): void;
  /** Writes a line of the log. */
  log(level: Level, source: string, text: string): void;
  /**
   * Settled once there is room for more; undefined while there is. Whoever goes
   * on before fills the memory where nobody reads what is printed.
   */
  readonly room: Promise<void> | undefined;
}
