/**
 * What does not compile: options that are misspelt, undeclared or unused, and a
 * conversation over the wrong transport. The lines below are checked, never run:
 * where one of them compiles after all, `deno check` fails here.
 */
import { type ModeName, MODES } from "../../lib/rules.ts";
import type {
  DatagramDialogue,
  ServerRules,
  StreamDialogue,
} from "../../lib/rules/contract.ts";
import { ChatServer } from "../../lib/rules/chat.ts";
import { datagramMode, type Mode, streamMode } from "../../lib/rules/mode.ts";
import {
  asked,
  askFor,
  flag,
  integer,
  MESSAGE,
  oneOf,
  port,
  text,
  texts,
  type ValuesOf,
} from "../../lib/rules/options.ts";
import { permissionServer } from "../../lib/rules/permission.ts";
import { sequenceServer } from "../../lib/rules/sequence.ts";
import { sumServer } from "../../lib/rules/sum.ts";
import { uppercaseServer } from "../../lib/rules/uppercase.ts";

declare const RULES: ServerRules;

const LIMIT = integer("max-clients", {
  from: 0,
  to: 9,
  default: 4,
  help: "end after N clients",
});
const PREFIX = text("prefix", { default: undefined, help: "what comes first" });
const QUESTION = { prompt: "", noun: "", complaint: () => "" };

/** What every mode below has. */
const COMMON = {
  summary: "",
  port: 1,
  serverOptions: [LIMIT],
  clientOptions: [PREFIX, MESSAGE],
} as const;

const server = (_: { maxClients: number }) => RULES;
const client = (_io: unknown, _: { prefix: string | undefined }) =>
  Promise.resolve();
const withoutOptions = () => RULES;

/** These are as they should be, so that what fails below has one reason. */
export function declaresModes(): Mode[] {
  return [
    datagramMode({ ...COMMON, server, client }),
    streamMode({ ...COMMON, server, client }),
    streamMode({ ...COMMON, server, client, json: true }),
  ];
}

export function declaresServersWrongly(): void {
  const misspelt = (_: { maxClient: number }) => RULES;
  // @ts-expect-error: the rules read an option that is spelt otherwise
  datagramMode({ ...COMMON, client, server: misspelt });
  // @ts-expect-error: the same over TCP
  streamMode({ ...COMMON, client, server: misspelt });

  // @ts-expect-error: the rules use none of the options that are declared
  datagramMode({ ...COMMON, client, server: withoutOptions });
  // @ts-expect-error: the same over TCP
  streamMode({ ...COMMON, client, server: withoutOptions });

  const undeclared = (_: { maxClients: number; name: string }) => RULES;
  // @ts-expect-error: the rules read an option that is not declared
  datagramMode({ ...COMMON, client, server: undeclared });
  // @ts-expect-error: nothing is declared
  datagramMode({ ...COMMON, client, server, serverOptions: [] });

  const asText = (_: { maxClients: string }) => RULES;
  // @ts-expect-error: the option is a number
  datagramMode({ ...COMMON, client, server: asText });

  const own = port("own-port", { default: undefined, help: "" });
  const always = (_: { ownPort: number }) => RULES;
  // @ts-expect-error: without a default the option may be undefined
  datagramMode({ ...COMMON, client, server: always, serverOptions: [own] });

  const twoOptions = [LIMIT, flag("greeting", "greet first")] as const;
  // @ts-expect-error: one of two options is not used
  datagramMode({ ...COMMON, client, server, serverOptions: twoOptions });

  // @ts-expect-error: an option is declared, not named
  datagramMode({ ...COMMON, client, server, serverOptions: ["max-clients"] });
}

export function declaresClientsWrongly(): void {
  const misspelt = (_io: unknown, _: { prefx: string | undefined }) =>
    Promise.resolve();
  // @ts-expect-error: the conversation reads an option that is spelt otherwise
  datagramMode({ ...COMMON, server, client: misspelt });
  // @ts-expect-error: the same over TCP
  streamMode({ ...COMMON, server, client: misspelt });

  const ignorant = () => Promise.resolve();
  // @ts-expect-error: the conversation does not use what is declared
  datagramMode({ ...COMMON, server, client: ignorant });
  // @ts-expect-error: the same over TCP
  streamMode({ ...COMMON, server, client: ignorant });

  const always = (_io: unknown, _: { prefix: string }) => Promise.resolve();
  // @ts-expect-error: without a default the option may be undefined
  datagramMode({ ...COMMON, server, client: always });

  // @ts-expect-error: an option is declared, not named
  datagramMode({ ...COMMON, server, client, clientOptions: ["mesage"] });
}

export function talksOverTheWrongTransport(mode: Mode): void {
  const receives = async (io: DatagramDialogue) => {
    // @ts-expect-error: over UDP there are requests
    await io.receive("answer");
    // @ts-expect-error: over UDP there are requests
    await io.send("hello");
    // @ts-expect-error: over UDP a message ends with its datagram
    await io.open("line");
  };
  const requests = async (io: StreamDialogue) => {
    // @ts-expect-error: over TCP nothing tells which message answers which
    await io.request("hello");
    // @ts-expect-error: over TCP the system chooses the client's port
    await io.open(1234);
    // @ts-expect-error: nobody waits for a word
    await io.receive("word");
  };
  const options = { serverOptions: [], clientOptions: [], summary: "" };
  const base = { ...options, port: 1, server: withoutOptions };
  // @ts-expect-error: a conversation over UDP in a mode over TCP
  streamMode({ ...base, client: receives });
  // @ts-expect-error: a conversation over TCP in a mode over UDP
  datagramMode({ ...base, client: requests });

  // @ts-expect-error: the transport is not known yet
  mode.client({} as DatagramDialogue, {});
  // @ts-expect-error: a mode over UDP has no framing of JSON
  if (mode.transport === "udp") mode.json;
  // @ts-expect-error: a mode is called by its name in the table
  mode.name;
}

export function startsServersWrongly(): void {
  // @ts-expect-error: misspelt
  permissionServer({ maxClient: 4 });
  // @ts-expect-error: rules get all their options
  permissionServer({});
  // @ts-expect-error: of another mode
  uppercaseServer({ sessions: 1, greeting: true });
  // @ts-expect-error: one of two is missing
  sequenceServer({ sessions: 1 });
  // @ts-expect-error: a flag is given or not
  new ChatServer({ sessions: 1, greeting: "yes" });
  // @ts-expect-error: chance comes from outside
  sumServer({ name: "Eve", number: 1 });
}

export function declaresOptionsWrongly(): void {
  // @ts-expect-error: the default is none of the words
  oneOf("client", ["X", "Y"], { default: "Z", help: "" });
  // @ts-expect-error: the default of a number is a number
  integer("number", { from: 1, to: 2, default: "1", help: "" });
  // @ts-expect-error: a number has limits
  integer("number", { default: 1, help: "" });
  // @ts-expect-error: every option has a default, if only undefined
  text("name", { help: "" });
  // @ts-expect-error: every option is explained
  text("name", { default: "Eve" });
  // @ts-expect-error: a port has the mode's default
  port("port", { default: 80, help: "" });
  // @ts-expect-error: what may repeat has no default but nothing
  texts("message", { default: ["hi"], help: "" });
  // @ts-expect-error: there is nothing to ask
  askFor({} as DatagramDialogue, PREFIX);
}

export function readsValues(values: ValuesOf<typeof LIMIT>): void {
  const limit: number = values.maxClients;
  // @ts-expect-error: the property is the name in camel case
  values["max-clients"];
  // @ts-expect-error: nobody changes an option
  values.maxClients = limit;
  const side = oneOf("client", ["X", "Y"], { default: undefined, help: "" });
  type Side = ValuesOf<typeof side>["client"];
  const sides: Side[] = ["X", "Y", undefined];
  // @ts-expect-error: there is no third
  sides.push("Z");
}

export async function asks(io: DatagramDialogue): Promise<string> {
  // Whoever has been asked has answered: there is no undefined.
  return await askFor(io, asked(PREFIX, QUESTION));
}

export function countsModes(): Record<ModeName, number> {
  const four = { permission: 1, uppercase: 1, sequence: 1, chat: 1 };
  // @ts-expect-error: a table by mode has all of them
  const byMode: Record<ModeName, number> = four;
  // @ts-expect-error: there is no such mode
  MODES.capitalize;
  return byMode;
}
