/**
 * The page itself, as text in the program: compiled programs include it, and it
 * takes no permission to read files.
 */
import arrows from "./arrows.js" with { type: "text" };
import chart from "./chart.js" with { type: "text" };
import columns from "./columns.js" with { type: "text" };
import details from "./details.js" with { type: "text" };
import escape from "../../rules/escape.js" with { type: "text" };
import drawing from "./drawing.js" with { type: "text" };
import flow from "./flow.js" with { type: "text" };
import labels from "./labels.js" with { type: "text" };
import lanes from "./lanes.js" with { type: "text" };
import layout from "./layout.js" with { type: "text" };
import meaning from "./meaning.js" with { type: "text" };
import names from "./names.js" with { type: "text" };
import page from "./page.js" with { type: "text" };
import record from "./record.js" with { type: "text" };
import rows from "./rows.js" with { type: "text" };
import save from "./save.js" with { type: "text" };
import source from "./source.js" with { type: "text" };
import story from "./story.js" with { type: "text" };
import svg from "./svg.js" with { type: "text" };
import text from "./text.js" with { type: "text" };
import waiting from "./waiting.js" with { type: "text" };
import words from "./words.js" with { type: "text" };
import figure from "./figure.css" with { type: "text" };
import icon from "./icon.svg" with { type: "text" };
import css from "./page.css" with { type: "text" };
import html from "./page.html" with { type: "text" };

/** What is served at each path: a media type, and the text. */
export const FILES: ReadonlyMap<string, readonly [type: string, text: string]> =
  new Map([
    ["/", ["text/html", html]],
    ["/figure.css", ["text/css", figure]],
    ["/icon.svg", ["image/svg+xml", icon]],
    ["/page.css", ["text/css", css]],
    ["/arrows.js", ["text/javascript", arrows]],
    ["/chart.js", ["text/javascript", chart]],
    ["/columns.js", ["text/javascript", columns]],
    ["/details.js", ["text/javascript", details]],
    ["/drawing.js", ["text/javascript", drawing]],
    ["/rules/escape.js", ["text/javascript", escape]],
    ["/flow.js", ["text/javascript", flow]],
    ["/labels.js", ["text/javascript", labels]],
    ["/lanes.js", ["text/javascript", lanes]],
    ["/layout.js", ["text/javascript", layout]],
    ["/meaning.js", ["text/javascript", meaning]],
    ["/names.js", ["text/javascript", names]],
    ["/page.js", ["text/javascript", page]],
    ["/record.js", ["text/javascript", record]],
    ["/rows.js", ["text/javascript", rows]],
    ["/save.js", ["text/javascript", save]],
    ["/source.js", ["text/javascript", source]],
    ["/story.js", ["text/javascript", story]],
    ["/svg.js", ["text/javascript", svg]],
    ["/text.js", ["text/javascript", text]],
    ["/waiting.js", ["text/javascript", waiting]],
    ["/words.js", ["text/javascript", words]],
  ]);
