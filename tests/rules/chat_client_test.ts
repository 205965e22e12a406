/**
 * Chat's client: what is said and what is heard, in many orders, and how it is
 * labelled. How a chat ends is in `chat_client_end_test.ts`.
 */
import {
  ACKNOWLEDGMENT,
  arrives,
  BEGINNING,
  BEGUN,
  endsStream,
  playRows,
  type Row,
  types,
} from "./chat_client.ts";

const permissions = "none";

const CHATS: Row[] = [
  {
    name: "labels what is said and what is heard",
    steps: [
      arrives(ACKNOWLEDGMENT),
      types("hello"),
      arrives("hi"),
      arrives(""),
      types(""),
      types("Bye"),
      endsStream,
    ],
    events: [
      ...BEGUN,
      "send hello",
      "echo X: hello",
      "ask X: ",
      "print Y: hi",
      "print Y: ",
      "send ",
      "echo X: ",
      "ask X: ",
      "send Bye",
      "echo X: Bye",
    ],
  },
  {
    name: "prints as it is what has its label already",
    steps: [
      arrives(ACKNOWLEDGMENT),
      arrives("Y: hi"),
      arrives("X: hello"),
      arrives("Y: bye"),
      endsStream,
    ],
    events: [
      ...BEGUN,
      "print Y: hi",
      "print X: hello",
      "print Y: bye",
    ],
  },
  {
    name: "prints as it is what somebody has labelled, in whatever way",
    steps: [
      arrives(ACKNOWLEDGMENT),
      arrives("Client Y: hi"),
      arrives("Client X: Alice: hello"),
      arrives("Y:hi"),
      arrives("Bob: hi"),
      arrives("y: hi"),
      arrives("Client Z: hi"),
      arrives("Client Y: bye"),
      endsStream,
    ],
    events: [
      ...BEGUN,
      "print Client Y: hi",
      "print Client X: Alice: hello",
      "print Y: Y:hi",
      "print Y: Bob: hi",
      "print Y: y: hi",
      "print Y: Client Z: hi",
      "print Client Y: bye",
    ],
  },
  {
    name: "labels nothing where the server never acknowledges",
    steps: [
      arrives("Welcome"),
      arrives("hi"),
      types("hello"),
      arrives("Invalid Message"),
      arrives("Bye"),
      endsStream,
    ],
    events: [
      ...BEGINNING,
      "print Welcome",
      "print hi",
      "send hello",
      "echo X: hello",
      "ask X: ",
      "print Invalid Message",
      "print Bye",
    ],
  },
  {
    name: "knows an acknowledgment that is misspelt",
    steps: [
      arrives("X: Alice recieved before Y: Bob"),
      arrives("hi"),
      arrives("Bye"),
      endsStream,
    ],
    events: [
      ...BEGINNING,
      "print X: Alice recieved before Y: Bob",
      "print Y: hi",
      "print Y: Bye",
    ],
  },
  {
    name: "prints as it is what comes before the acknowledgment",
    steps: [
      arrives("Welcome"),
      arrives("Y: waits"),
      arrives(`>> ${ACKNOWLEDGMENT}`),
      arrives("hi"),
      arrives("Bye"),
      endsStream,
    ],
    events: [
      ...BEGINNING,
      "print Welcome",
      "print Y: waits",
      `print >> ${ACKNOWLEDGMENT}`,
      "print Y: hi",
      "print Y: Bye",
    ],
  },
  {
    name: "sends what is typed before the partner has come",
    steps: [
      types("early"),
      arrives(ACKNOWLEDGMENT),
      arrives("bYe"),
      endsStream,
    ],
    events: [
      ...BEGINNING,
      "send early",
      "echo X: early",
      "ask X: ",
      `print ${ACKNOWLEDGMENT}`,
      "print Y: bYe",
    ],
  },
];

Deno.test("chat's client talks", { permissions }, async (t) => {
  await playRows(t, CHATS);
});
