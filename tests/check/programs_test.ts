/**
 * The checks, on programs that others might have written: right ones pass, and
 * wrong ones fail for the reason that they are wrong for.
 *
 * Some programs of each kind are checked every time; `CORPUS=all` in the
 * environment checks all of them.
 */
import { MODE_NAMES } from "../../lib/rules.ts";
import { testPrograms } from "./corpus.ts";

testPrograms(MODE_NAMES);
