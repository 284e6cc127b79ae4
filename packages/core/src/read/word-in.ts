import { requireText } from "../util/require.ts";

/** What a word is read as: a page-table entry, a swp_entry_t, or a word of /proc/PID/pagemap. */
export type WordReading = "pte" | "entry" | "pagemap";

/** A word as people write it. */
export interface WrittenWord {
  /** `0x` and its hexadecimal digits. */
  readonly word: string;
  /** What the text calls it; null where it does not say. */
  readonly as: WordReading | null;
}

/** What is longer is no word that was mistyped. */
const LONGEST = 40;

const WORD =
  /^(?:(?<name>[a-z_]+)(?:\s*[:=]\s*|\s+))?(?:0x)?(?<digits>[0-9a-f]+(?:_[0-9a-f]+)*)(?:n|u?l{0,2})?[,;]?$/i;

const READINGS: Readonly<Record<string, WordReading>> = {
  pte: "pte",
  pmd: "pte",
  swp_entry_t: "entry",
  swp_entry: "entry",
  entry: "entry",
  swp: "entry",
  val: "entry",
  pagemap: "pagemap",
};

/**
 * The word that a text is, as kernels, debuggers and people write one: `0x17c0`, `pte:17c0`, `val = 0x17c0ul,`,
 * `swp_entry_t 0x7c00000000000001`, `pagemap 8600000000000805`. Null where it is something else: a line of a log, prose.
 */
export function wordIn(text: string): WrittenWord | null {
  requireText(text, "what is to be a word");
  const { name, digits } = WORD.exec(text.trim())?.groups ?? {};
  if (digits === undefined || digits.length > LONGEST) return null;
  const as = name === undefined ? null : READINGS[name.toLowerCase()];
  // A name that is none of these makes it a line of a log.
  return as === undefined ? null : { word: `0x${digits.replaceAll("_", "").toLowerCase()}`, as };
}
