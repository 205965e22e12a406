/**
 * The README files of the project.
 */
const PROJECT = new URL("../../", import.meta.url);

const ROOMS = ["", "lib/", "tests/"];

/** Every README.md that there is, by its path in the project. */
export function documentPaths(): string[] {
  const paths = ROOMS.flatMap((room) => {
    const folders = [...Deno.readDirSync(new URL(room || ".", PROJECT))]
      .filter(({ isDirectory }) => isDirectory && room !== "")
      .map(({ name }) => `${room}${name}/`);
    return [room, ...folders].map((folder) => `${folder}README.md`);
  });
  return paths.filter(isThere);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, PROJECT)).isFile;
  } catch {
    return false;
  }
}
