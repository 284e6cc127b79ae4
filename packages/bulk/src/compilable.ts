import type { ArchBackend, Field, Predicate, Term } from "@ptekit/core";
import {
  bitsText,
  emptyPte,
  FLAG_NAMES,
  KINDS,
  longBitsOf,
  PtekitError,
  rowsOf,
  widthOf,
} from "@ptekit/core";
import { describe } from "./describe.ts";

/** Refuses what is no backend. The likeliest slip is an architecture, where its backend for a kernel is meant. */
export function checkBackend(backend: ArchBackend): void {
  if (typeof backend === "object" && backend !== null && "layout" in backend && "kernel" in backend) return;
  const given = backend as unknown;
  const isArch = typeof given === "object" && given !== null && "for" in given && "layouts" in given;
  const what = isArch
    ? `${"name" in given ? given.name : "this"} is an architecture: call .for({ release }) first, for one of its kernels`
    : `compile takes a backend, as arch.for({ release }) gives it, not ${describe(given)}`;
  throw new PtekitError("BAD_ARGUMENT", what);
}

/** Why a backend cannot be compiled, in sentences that name the field; none where it can. */
export function problemsOf(backend: ArchBackend): string[] {
  const { layout, kernel, types } = backend;
  const typeBits = longBitsOf(layout) - kernel.swpTypeShift;
  const problems = [
    ...(layout.pteBits === 32 || layout.pteBits === 64
      ? []
      : [`a PTE has 32 or 64 bits, not ${layout.pteBits}`]),
    ...layout.fields.flatMap((row) => rowProblems(row, layout.pteBits)),
    ...FLAG_NAMES.filter((flag) => rowsOf(layout, flag).length > 1).map(
      (flag) => `${flag} has more than one row`,
    ),
    ...predicateProblems("present", layout.present, layout.pteBits),
    ...predicateProblems("none", layout.none, layout.pteBits),
    ...(typeBits >= 1 && typeBits <= 7
      ? []
      : [`swp_entry_t holds a type of ${typeBits} bits; columns hold 1 to 7`]),
    ...(types.maxSwapfiles >= 0 && KINDS.length <= 16 ? [] : [`MAX_SWAPFILES is ${types.maxSwapfiles}`]),
    ...(emptyPte(layout) >> BigInt(layout.pteBits) === 0n ? [] : ["the empty PTE is wider than a PTE"]),
  ];
  return problems.map((problem) => `${layout.id}: ${problem}`);
}

function rowProblems(row: Field, pteBits: number): string[] {
  const { kind, high, low } = row;
  const named = `${kind} ${bitsText(high, low).replace(/^bits? /, "")}`;
  if (!Number.isInteger(high) || !Number.isInteger(low) || low < 0 || high < low) {
    return [`${named} is not a run of bits, highest first`];
  }
  if (high >= pteBits) return [`${named} lies outside a PTE of ${pteBits} bits`];
  if (row.from < 0 || row.from + widthOf(row) > 64) return [`${named}: its value has more than 64 bits`];
  if (FLAG_NAMES.includes(kind as (typeof FLAG_NAMES)[number]) && high !== low)
    return [`${named}: a flag is one bit`];
  return [];
}

function predicateProblems(name: string, predicate: Predicate, pteBits: number): string[] {
  return (predicate as readonly Term[]).flatMap(({ mask, op, value }) => {
    if (mask < 0n || mask >> BigInt(pteBits) !== 0n)
      return [`${name}: mask 0x${mask.toString(16)} is wider than a PTE`];
    if (value < 0n || (value & ~mask) !== 0n)
      return [`${name}: value 0x${value.toString(16)} has bits outside the mask`];
    return op === "==" || op === "!=" ? [] : [`${name}: ${String(op)} is neither == nor !=`];
  });
}
