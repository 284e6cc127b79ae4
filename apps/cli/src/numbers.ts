import type { WordReading } from "@ptekit/core";
import { wordIn } from "@ptekit/core";
import { UsageError } from "./errors.ts";

/** A word as kernels print it: hexadecimal, with or without `0x`, with or without `_` between digits. */
export function readWord(text: string): bigint {
  const digits = /^(?:0x)?([0-9a-f]+(?:_[0-9a-f]+)*)$/i.exec(text)?.[1];
  if (digits === undefined) {
    const called = calledWord(text);
    if (called !== null)
      throw new UsageError(
        `${JSON.stringify(text)} says what a word is, which is read without a command: ptekit ${called.name}: ${called.rest || "WORD"}`,
      );
    throw new UsageError(
      `${JSON.stringify(text)} is not a word: words are hexadecimal, as in 0x17c0 or 17042c3c`,
    );
  }
  return BigInt(`0x${digits.includes("_") ? digits.replaceAll("_", "") : digits}`);
}

/** What a text calls the word that follows, as in `pte:17c0`, and what follows; null where it calls it nothing. */
export function calledWord(
  text: string,
): { readonly name: string; readonly as: WordReading; readonly rest: string } | null {
  const [, name = "", rest = ""] = /^([a-z_]+)(?:\s*[:=]\s*|\s+|$)(.*)$/is.exec(text) ?? [];
  const as = wordIn(`${name}: 0`)?.as;
  return as ? { name, as, rest } : null;
}

/** A number as in C: decimal, or hexadecimal after `0x`. */
export function readNumber(text: string, what: string): bigint {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) {
    throw new UsageError(`${what} is a number (4660 or 0x1234), not ${JSON.stringify(text)}`);
  }
  return BigInt(text);
}

/** A small number, such as a type. */
export function readSmall(text: string, what: string): number {
  const value = readNumber(text, what);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new UsageError(`${what} ${text} is too large`);
  return Number(value);
}
