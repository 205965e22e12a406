/** Listening to a `sum` server. */
import { readRequest, type Request } from "../sum_format.ts";
import { isWhole, readReply } from "../sum_reply.ts";
import type { Expected, Hearing, Reading } from "./hearing.ts";

/** What is due, in words: the server chooses its name and number, and the form. */
const REPLY = "the server's name and number";

/** Leaves open how a reply is written, and whether it holds the sum. */
export function sumHearing(): Hearing {
  /** The name of a client that came back as the server's. */
  let echoed: string | undefined;

  /** Both may share a name by chance, but not one name after another. */
  function isEcho(server: string, client: string): boolean {
    const isAgain = echoed !== undefined && echoed !== client;
    if (server === client) echoed = client;
    return server === client && isAgain;
  }

  function read(said: string, { cause }: Expected, isOver: boolean): Reading {
    const isJson = said.trimStart().startsWith("{") && isWhole(said);
    if (!isJson && !isOver) return undefined;
    const asked = readRequest(cause.message ?? "") as Request;
    const { name, number, sum } = readReply(said, asked, separatorOf(asked));
    if (number === undefined) return { problem: ", without a number" };
    if (name === undefined) return { problem: ", without a name" };
    if (isEcho(name, asked.name)) return { problem: ", the client's own name" };
    const right = asked.number + number;
    const isWrong = sum !== undefined && sum !== right;
    return isWrong ? { problem: `, whose sum is not ${right}` } : { rest: "" };
  }

  return {
    isStream: true,
    endsServer: true,
    asks: (_text, { message }) =>
      "error" in readRequest(message ?? "") ? undefined : REPLY,
    read,
    isAnswer(said) {
      const { name, number } = readReply(said, { name: "", number: 0 }, ",");
      return name !== undefined && number !== undefined;
    },
  };
}

/** What is between the name and the number of a request. */
function separatorOf({ format }: Request): string {
  return format?.fill("", 0).replace(/0$/, "") ?? ",";
}
