/**
 * The options for checking somebody else's half of an assignment.
 */
import { flag, oneOf } from "../rules/options.ts";
import { REPORT_FORMATS } from "../check/reports/formats.ts";

export const CHECK = flag(
  "check",
  "check the program on the other end; put the command that starts it after --",
  { check: true },
);

export const REPORT = oneOf("report", REPORT_FORMATS, {
  placeholder: "FORMAT",
  check: true,
  default: "text",
  help: REPORT_FORMATS.join(", "),
});
