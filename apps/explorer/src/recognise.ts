// What was pasted into the box. It is looked at, never asked for.
import type { Reading } from "./link.ts";

/** A word with how it is to be read, a log, a kernel configuration, or something that says nothing. */
export type Recognised =
  | { readonly what: "nothing" }
  | { readonly what: "word"; readonly word: string; readonly as: Reading | null }
  | { readonly what: "log"; readonly text: string }
  | { readonly what: "config"; readonly text: string };

/** What a text is. */
export function recognise(text: string): Recognised {
  const trimmed = text.trim();
  if (trimmed === "") return { what: "nothing" };
  const word = wordIn(trimmed);
  if (word) return word;
  return isConfig(trimmed) ? { what: "config", text } : { what: "log", text };
}

/** What is longer is no word that was mistyped. */
const LONGEST = 40;

/** `0x17c0`, `pte:17c0`, `swp_entry_t 0x7c00000000000001`, `pagemap 8600000000000805`, `{ val = 0x… }`. */
const WORD =
  /^(?:(?<name>[a-z_]+)(?:\s*[:=]\s*|\s+))?(?:0x)?(?<digits>[0-9a-f]+(?:_[0-9a-f]+)*)(?:n|u?l{0,2})?[,;]?$/i;

const readings: Readonly<Record<string, Reading>> = {
  pte: "pte",
  pmd: "pte",
  swp_entry_t: "entry",
  swp_entry: "entry",
  entry: "entry",
  swp: "entry",
  val: "entry",
  pagemap: "pagemap",
};

function wordIn(text: string): Recognised | null {
  const { name, digits } = WORD.exec(text)?.groups ?? {};
  if (digits === undefined || digits.length > LONGEST) return null;
  const as = name === undefined ? null : readings[name.toLowerCase()];
  // A name that is none of these makes it a line of a log.
  return as === undefined
    ? null
    : { what: "word", word: `0x${digits.replaceAll("_", "").toLowerCase()}`, as };
}

/** Whether most lines are those of a .config: `CONFIG_X=y`, `# CONFIG_X is not set`, comments. */
function isConfig(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const ours = lines.filter((line) => /^CONFIG_\w+=|^#/.test(line.trim()));
  return ours.length > lines.length / 2 && /^(# )?CONFIG_\w+/m.test(text);
}
