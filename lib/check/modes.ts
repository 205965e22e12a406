/**
 * The modes that can be checked, and their cases. A mode not listed here has no
 * `--check`. Cases are loaded only when they are played.
 */
import type { ModeName } from "../rules.ts";
import type { Suites } from "./play/case.ts";

/** A file of cases; the mode's transport decides the kind of run they need. */
// deno-lint-ignore no-explicit-any
type Cases = () => Promise<{ readonly suites: Suites<any> }>;

/** The cases for each half of an assignment. */
export const CASES: Partial<
  Record<ModeName, { readonly server: Cases; readonly client: Cases }>
> = {
  permission: {
    server: () => import("./cases/permission_server.ts"),
    client: () => import("./cases/permission_client.ts"),
  },
  uppercase: {
    server: () => import("./cases/uppercase_server.ts"),
    client: () => import("./cases/uppercase_client.ts"),
  },
  sequence: {
    server: () => import("./cases/sequence_server.ts"),
    client: () => import("./cases/sequence_client.ts"),
  },
  chat: {
    server: () => import("./cases/chat_server.ts"),
    client: () => import("./cases/chat_client.ts"),
  },
  sum: {
    server: () => import("./cases/sum_server.ts"),
    client: () => import("./cases/sum_client.ts"),
  },
};

/** Whether `--check` has cases for a mode. */
export function hasCases(mode: ModeName): boolean {
  return CASES[mode] !== undefined;
}
