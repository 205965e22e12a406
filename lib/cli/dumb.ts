/**
 * Detects a dumb terminal, one that does not understand escape sequences
 * (`TERM=dumb`), such as a shell inside an editor.
 */

/**
 * Tells whether `TERM` is `dumb` without permission to read the environment,
 * which these programs do not get. Readline reads it internally: on a dumb
 * terminal an instance gets its own method for keys instead of the class's.
 * Tested with Deno 2.5.7 and 2.9.6. If another version works differently, the
 * terminal counts as an ordinary one.
 */
export async function isDumb(): Promise<boolean> {
  // Loaded only when needed: it takes some 20 ms.
  const { createInterface } = await import("node:readline");
  const { Readable } = await import("node:stream");
  const readline = createInterface({ input: new Readable({ read() {} }) });
  readline.close();
  return Object.hasOwn(readline, "_ttyWrite");
}
