import { hex } from "../data/bits.ts";
import { Answer } from "./answer.ts";

/** A value as JSON has it: each bigint is a text, `0x1234`. */
export type Json<T> = T extends bigint
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Json<T[Key]> }
      : T;

/**
 * An answer, or any of core's plain data, as JSON can hold it: each bigint becomes `0x1234`, the PTE of an answer is at full
 * width, `level` and `assumed` are among the keys. What JSON cannot hold (undefined, functions) is left out.
 */
export function toJson<T>(value: T): Json<T> {
  return jsonOf(value) as Json<T>;
}

function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return `0x${value.toString(16)}`;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (!(value instanceof Answer)) return objectOf(Object.entries(value));
  const { pte, arch, layout, ...rest } = value;
  const { level } = value;
  const head = {
    pte: hex(pte, Answer.bitsOf(value)),
    arch,
    layout,
    level,
    assumed: value.assumed.map(jsonOf),
  };
  return { ...head, ...objectOf(Object.entries(rest)) };
}

const objectOf = (entries: readonly (readonly [string, unknown])[]): object =>
  Object.fromEntries(
    entries
      .filter(([, part]) => part !== undefined && typeof part !== "function")
      .map(([key, part]) => [key, jsonOf(part)]),
  );
