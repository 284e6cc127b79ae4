import { PtekitError } from "../errors.ts";
import type { EncodeOptions, FlagName, PfnOptions } from "../interface/entry.ts";
import { given } from "../util/given.ts";

// What callers give the verbs: checked, and refused in a sentence.

/** The word, not wider than it may be. */
export function checkWord(word: bigint, bits: 32 | 64, id: string, what: string): bigint {
  if (typeof word !== "bigint") {
    throw new PtekitError("BAD_WORD", `${id}: a ${what} is a bigint (0x1084n), not ${describe(word)}`);
  }
  const limit = bits === 64 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  if (word >= 0n && word <= limit) return word;
  if (word < 0n) throw new PtekitError("BAD_WORD", `${id}: a ${what} is not negative: ${word}`);
  throw new PtekitError(
    "WORD_TOO_WIDE",
    `${id}: 0x${word.toString(16)} needs ${word.toString(2).length} bits, a ${what} has ${bits}`,
    { limit },
  );
}

/** The number, a bigint from 0 on. */
export function checkNatural(value: bigint, id: string, what: string): bigint {
  if (typeof value !== "bigint") {
    throw new PtekitError("BAD_ARGUMENT", `${id}: ${what} is a bigint (0x1234n), not ${describe(value)}`);
  }
  if (value < 0n) throw new PtekitError("BAD_ARGUMENT", `${id}: ${what} is not negative: ${value}`);
  return value;
}

/** Refuses what is no object, and keys that nobody reads: a misspelt one would pass silently. */
export function checkKeys(value: object, known: readonly string[], what: string): void {
  if (typeof value !== "object" || value === null) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${what} is an object with ${known.join(", ")}, not ${describe(value)}`,
    );
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      throw new PtekitError("UNKNOWN_OPTION", `${what} has ${known.join(", ")}, not ${key}`);
  }
}

/** A text such as "false" would pass for a set flag. */
export function checkFlags(
  value: PfnOptions,
  names: readonly (FlagName | "young" | "dirty")[],
  id: string,
): void {
  for (const name of names) {
    const flag: unknown = value[name];
    if (flag !== undefined && typeof flag !== "boolean") {
      throw new PtekitError("BAD_ARGUMENT", `${id}: ${name} is true or false, not ${describe(flag)}`);
    }
  }
}

/** Whether what does not fit is cut. */
export function truncates(options: EncodeOptions): boolean {
  const { overflow = "refuse" } = options;
  if (overflow !== "refuse" && overflow !== "truncate") {
    throw new PtekitError("UNKNOWN_OPTION", `overflow is "refuse" or "truncate", not ${describe(overflow)}`);
  }
  return overflow === "truncate";
}

/** A value and what it is, for a sentence. */
export function describe(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject ? given(value) : `${typeof value} ${String(value)}`;
}
