/**
 * Whether the terminal is a dumb one, which does not understand escape sequences
 * (`TERM=dumb`), such as a shell inside an editor.
 */

/**
 * Tells whether `TERM` is `dumb` without the permission to read the environment,
 * which these programs are not given. Readline reads it by itself: on a dumb
 * terminal an instance gets its own method for keys, in place of the class's.
 * Tested with Deno 2.5.7 and 2.9.6. Should another Deno work in another way, the
 * terminal counts as an ordinary one.
 */
export async function isDumb(): Promise<boolean> {
  // Loaded only where it is needed: it takes some 20 ms.
  const { createInterface } = await import("node:readline");
  const { Readable } = await import("node:stream");
  const readline = createInterface({ input: new Readable({ read() {} }) });
  readline.close();
  return Object.hasOwn(readline, "_ttyWrite");
}
