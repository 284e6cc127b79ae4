import type { Plan, Stored } from "../plan.ts";
import type { Code } from "./assemble.ts";
import type { Builder } from "./build.ts";
import { bytes16, load, shuffle32, swizzle } from "./ops.ts";
import type { Halves } from "./pairs.ts";

/** Four PTEs: the vectors as they were loaded, and their halves. */
export interface Four {
  readonly vectors: readonly Code[];
  readonly halves: Halves;
}

/** Loads four PTEs from `address` on; `halves` names those that anything reads. */
export function loadFour(
  fn: Builder,
  plan: Plan,
  stored: Stored,
  address: Code,
  offset: number,
  halves: readonly [boolean, boolean],
): Four {
  const fetch = (at: number): Code => fn.keep(inOrder(plan, stored, load(address, at)));
  if (plan.pteBits === 32) {
    const lo = fetch(offset);
    return { vectors: [lo], halves: { lo, hi: null } };
  }
  const a = fetch(offset);
  const b = fetch(offset + 16);
  const half = (wanted: boolean, lanes: readonly number[]): Code =>
    wanted ? fn.keep(shuffle32(a, b, lanes)) : [];
  return {
    vectors: [a, b],
    halves: { lo: half(halves[0], [0, 2, 4, 6]), hi: half(halves[1], [1, 3, 5, 7]) },
  };
}

/** Whether the bytes of a dump lie as WebAssembly loads numbers: the least significant first. */
export const liesInOrder = (plan: Plan): boolean => plan.byteOrder.every((byte, place) => byte === place);

/** The vector with the bytes of each word turned round, where the input lies otherwise. */
export function inOrder(plan: Plan, stored: Stored, vector: Code): Code {
  if (stored === "numbers" || liesInOrder(plan)) return vector;
  // byteOrder says which byte of the word lies at a place; the swizzle wants the place of each byte.
  const place = (byte: number): number => plan.byteOrder.indexOf(byte % plan.pteBytes);
  const lanes = Array.from({ length: 16 }, (_, i) => i - (i % plan.pteBytes) + place(i));
  return swizzle(vector, bytes16(lanes));
}
