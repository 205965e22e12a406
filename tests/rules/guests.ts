/**
 * What the tests of the later edition share: who connects, and who is greeted.
 */
import { leaves, leftEarly, opens, type Step } from "./stage.ts";

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
export function isTurnedAway(who: string): Step {
  const refusal = "Client X and Client Y are already connected";
  return [
    opens(who),
    `debug [server]: ${who}:1 connected`,
    `warning [server]: no place for ${who}:1; answered ${refusal}`,
    `send ${who}: ${refusal}`,
    `close ${who}`,
  ];
}

/** Somebody leaves who has not been acknowledged. */
export function left(who: string, whom: string): Step {
  return [leaves(who), leftEarly(`${whom} (${who}:1)`)];
}
