/**
 * Property tests: inputs that nobody thought of. Only the tests use it, and so
 * it is not named in deno.json: what is named there is downloaded with either
 * program, and becomes a part of each compiled one.
 */
export { default } from "npm:fast-check@4.10.2";
