/**
 * What the tests of the later edition share: who connects, and who is greeted.
 */
import { leaves, opens, type Step } from "./stage.ts";

export type Side = "X" | "Y";

/** What greeting one client looks like. */
export function greets(who: string, side: Side): string[] {
  const greeting = `Client ${side} connected`;
  return [`send ${who}: ${greeting}`, `print: ${greeting}`];
}

/** Somebody connects, and these are greeted. */
export function connects(
  who: string,
  ...greeted: [who: string, side: Side][]
): Step {
  return [
    opens(who),
    `debug [server]: ${who}:1 connected`,
    ...greeted.flatMap(([each, side]) => greets(each, side)),
  ];
}

/** The two whom most scenarios begin with. */
export const A_WAITS = connects("a");
export const B_COMES = connects("b", ["a", "X"], ["b", "Y"]);

/** Somebody connects, and there is no place left. */
export function finds(who: string, side: Side): Step {
  const refusal = `Client ${side} is already connected`;
  return [
    opens(who),
    `debug [server]: ${who}:1 connected`,
    `warning [server]: ${who}:1 finds no place; answered ${refusal}`,
    `send ${who}: ${refusal}`,
    `close ${who}`,
  ];
}

/** Somebody leaves who has not been acknowledged. */
export function left(who: string, whom: string): Step {
  const text = `${whom} (${who}:1) left before its pair was complete`;
  return [leaves(who), `info [server]: ${text}`];
}
