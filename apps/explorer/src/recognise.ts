// What was pasted into the box. It is looked at, never asked for.
import { wordIn } from "@ptekit/core";
import type { Reading } from "./link.ts";

/** A word with how it is to be read, many words, a log, a kernel configuration, or something that says nothing. */
export type Recognised =
  | { readonly what: "nothing" }
  | RecognisedWord
  | { readonly what: "words"; readonly words: readonly string[] }
  | { readonly what: "log"; readonly text: string }
  | { readonly what: "config"; readonly text: string };

/** A word, with how it is to be read where that is said. */
export interface RecognisedWord {
  readonly what: "word";
  readonly word: string;
  readonly as: Reading | null;
  /** Kernels print words in hexadecimal, and digits alone are read so; what is too long for that is decimal. */
  readonly base: 16 | 10;
  /** The word that the same digits are in decimal, where they could be that too; else null. */
  readonly decimal: string | null;
}

/** What a text is. */
export function recognise(text: string): Recognised {
  const trimmed = text.trim();
  if (trimmed === "") return { what: "nothing" };
  const word = wordIn(trimmed);
  if (word) return { what: "word", ...word, ...baseOf(trimmed) };
  const words = wordsIn(trimmed);
  if (words) return { what: "words", words };
  return isConfig(trimmed) ? { what: "config", text } : { what: "log", text };
}

/** No word has more hexadecimal digits. */
const HEX_DIGITS = 16;

/** In which base digits alone are read, and what they would be in the other. */
function baseOf(text: string): { readonly base: 16 | 10; readonly decimal: string | null; word?: string } {
  const value = /^[1-9]\d+$/.test(text) ? BigInt(text) : 1n << 64n;
  if (value >> 64n !== 0n) return { base: 16, decimal: null };
  const word = `0x${value.toString(16)}`;
  return text.length > HEX_DIGITS ? { base: 10, decimal: null, word } : { base: 16, decimal: word };
}

/** Several words, with blanks or commas between them; what has no digit at all is a sentence. */
function wordsIn(text: string): readonly string[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  const words = parts.flatMap((part) => (/\d/.test(part) ? (wordIn(part) ?? []) : []));
  return parts.length > 1 && words.length === parts.length ? words.map(({ word }) => word) : null;
}

/** Whether most lines are those of a .config: `CONFIG_X=y`, `# CONFIG_X is not set`, comments. */
function isConfig(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const ours = lines.filter((line) => /^CONFIG_\w+=|^#/.test(line.trim()));
  return ours.length > lines.length / 2 && /^(# )?CONFIG_\w+/m.test(text);
}
