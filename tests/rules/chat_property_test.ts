/**
 * Chat's server among people who come, speak and go in any order: it bears
 * them all, and nobody hears what was not meant for them.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../support/fast_check.ts";
import { ChatServer } from "../../lib/rules/chat.ts";
import { isClosed, leaves, opens, says, Stage } from "./stage.ts";

const permissions = "none";

const anyEvent = fc.record({
  seat: fc.constantFrom("a", "b", "c", "d", "e"),
  leaves: fc.nat(9).map((number) => number === 0),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("Client X: ", "Client Y: ") },
    { weight: 4, arbitrary: fc.nat().map((number) => `hello ${number}`) },
    { weight: 1, arbitrary: fc.constantFrom("Bye", "bye", undefined) },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  ),
});

Deno.test("chat bears any order of events", { permissions }, () => {
  const order = fc.array(anyEvent, { maxLength: 100, size: "max" });
  fc.assert(fc.property(order, fc.nat(3), (events, sessions) => {
    const room = new Room(sessions);
    for (const { seat, text, leaves: goes } of events) {
      if (room.over) break;
      const who = room.sit(seat);
      if (goes) room.leave(who);
      else room.say(who, text?.startsWith("Client") ? text + who : text);
    }
    room.checkAllDelivered();
  }));
});

/** A server's rules with people around it, and a check of all that they hear. */
class Room {
  readonly #stage: Stage;
  readonly #sessions: number;
  readonly #present = new Set<string>();
  /** How many have sat on a seat: each has a name of its own. */
  readonly #guests = new Map<string, number>();
  readonly #accepted = new Set<string>();
  readonly #partners = new Map<string, string>();
  readonly #said = new Map<string, string[]>();
  readonly #heard = new Map<string, string[]>();
  over = false;

  constructor(sessions: number) {
    this.#sessions = sessions;
    const options = { sessions, greeting: false, introduction: undefined };
    this.#stage = new Stage(new ChatServer(options));
  }

  /** The one who sits there, or a new one. */
  sit(seat: string): string {
    const who = `${seat}${this.#guests.get(seat) ?? 0}`;
    if (this.#present.has(who)) return who;
    this.#present.add(who);
    this.#said.set(who, []);
    this.#heard.set(who, []);
    this.#stage.play(opens(who));
    return who;
  }

  say(who: string, text: string | undefined): void {
    const isChat = this.#accepted.has(who);
    if (isChat && text !== undefined) this.#said.get(who)!.push(text);
    const actions = this.#stage.play(says(who, text));
    const isRefused =
      actions.some((line) => line.startsWith(`send ${who}: `)) &&
      !actions.includes("print: Sent acknowledgment to both X and Y");
    if (!isChat && !isRefused) this.#accepted.add(who);
    this.#check(who, actions);
  }

  leave(who: string, event = leaves(who)): void {
    this.#present.delete(who);
    const seat = who.charAt(0);
    this.#guests.set(seat, (this.#guests.get(seat) ?? 0) + 1);
    this.#check(who, this.#stage.play(event));
  }

  #check(speaker: string, actions: string[]): void {
    for (const action of actions) {
      const [, to, text] = /^send (\w+): (.*)$/s.exec(action) ?? [];
      if (to !== undefined) this.#hear(speaker, to, text!);
    }
    if (actions.includes("stop")) this.#stop();
    // The transport tells the end of each connection that was closed.
    for (const action of actions) {
      const [, who] = /^close (\w+)$/.exec(action) ?? [];
      if (who === undefined || !this.#present.has(who)) continue;
      this.leave(who, isClosed(who));
    }
  }

  /** As many chats as were wanted have been held. */
  #stop(): void {
    assertEquals(this.#partners.size, 2 * this.#sessions);
    this.over = true;
  }

  /** Whoever hears something is there, and hears the partner or the server. */
  #hear(speaker: string, to: string, text: string): void {
    assert(this.#present.has(to), `${to} has gone`);
    const pair = /^[XY]: (\w+) received before [XY]: (\w+)$/.exec(text);
    if (pair?.includes(to)) {
      this.#partners.set(to, pair[1] === to ? pair[2]! : pair[1]!);
    } else if (
      /^(Invalid Message|Client [XY] is already connected)$/.test(text)
    ) {
      assertEquals(to, speaker);
    } else {
      const heard = this.#heard.get(to)!;
      heard.push(text);
      const said = this.#said.get(this.#partners.get(to) ?? "nobody");
      assertEquals(said?.[heard.length - 1], text);
    }
  }

  checkAllDelivered(): void {
    for (const [who, partner] of this.#partners) {
      if (!this.#present.has(who)) continue;
      assertEquals(this.#heard.get(who), this.#said.get(partner));
    }
  }
}
