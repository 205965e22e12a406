/**
 * The browser's driver, for the tests of the page alone. It is not named in
 * deno.json: what is named there becomes a part of each compiled program.
 */
export { default } from "npm:puppeteer-core@25.16.0";
export type {
  Browser,
  Page,
  SerializedAXNode,
} from "npm:puppeteer-core@25.16.0";
