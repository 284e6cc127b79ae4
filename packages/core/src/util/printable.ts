import { PtekitError } from "../errors.ts";
import { given } from "./given.ts";
import { requireText } from "./require.ts";

// What may not reach a terminal: C0 but tab, DEL, C1, and what turns the direction of writing round or hides text.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Strangers' text on one line, safe for a terminal and for a reader: control characters (C0, DEL, C1), marks that turn
 * the direction of writing, invisible characters and lone surrogates are shown as escapes (`\x1b`, `\u202e`).
 * Everything else stays as it is.
 */
export function printable(text: string): string {
  requireText(text, "what is printed");
  return text.replace(UNSAFE, escaped);
}

/** JSON on one line that is safe for a terminal too: what {@link printable} shows as escapes is escaped as JSON does. */
export function printableJson(value: unknown): string {
  return jsonText(value).replace(UNSAFE, (char) => `\\u${hexOf(char, 4)}`);
}

function jsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      "JSON cannot hold that: toJson() makes of core's answers what it can",
      { cause },
    );
  }
  if (text === undefined) throw new PtekitError("BAD_ARGUMENT", `JSON cannot hold ${given(value)}`);
  return text;
}

const escaped = (char: string): string =>
  char.charCodeAt(0) < 0x100 ? `\\x${hexOf(char, 2)}` : `\\u${hexOf(char, 4)}`;

const hexOf = (char: string, digits: number): string => char.charCodeAt(0).toString(16).padStart(digits, "0");

// The escape character starts a terminal's sequences: CSI (colours), OSC (titles), and those of two characters.
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,256}(?:\u0007|\u001b\\)|[@-Z\\^_])|\u009b[0-?]{0,64}[ -/]{0,8}[@-~]/g;

/** The text without the colours and other sequences that a terminal was sent. */
export function withoutSequences(text: string): string {
  requireText(text, "what has sequences in it");
  return text.includes("\u001b") || text.includes("\u009b") ? text.replace(SEQUENCES, "") : text;
}
