/**
 * Programs for sum, in eight formats: right ones pass, wrong ones fail for their
 * reason.
 */
import { testPrograms } from "./corpus.ts";

testPrograms("sum");
