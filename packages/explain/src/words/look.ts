import type { ArchBackend, PresentField, PresentLayout } from "@ptekit/core";
import { maskOf, matches, presentNameOf } from "@ptekit/core";
import { bitsOf } from "./backends.ts";

/** A word read as a present entry, whether its PRESENT bit is set or not. */
export interface Look {
  readonly pfn: bigint;
  /** The PFN as it would be if it were stored the other way round, where the architecture inverts PFNs. */
  readonly inverted: bigint | null;
  /** The kernel's names of the attribute bits that are set. */
  readonly names: readonly string[];
  /** Set bits that a present entry never has. */
  readonly stray: readonly number[];
  /** Bits of the PFN above what the architecture's machines can have. */
  readonly beyond: readonly number[];
  /** PROT_NONE: present for the kernel, not for the hardware. */
  readonly protNone: boolean;
  readonly special: boolean;
  readonly devmap: boolean;
  readonly user: boolean | null;
  /** Its attributes say device memory. */
  readonly uncached: boolean;
}

/** A word read as a present PTE; null where present PTEs are not described. */
export function lookOf(backend: ArchBackend, word: bigint): Look | null {
  const { present, kernel, layout } = backend;
  if (!present) return null;
  const set = present.fields.filter((row) => (word & maskOf(row)) !== 0n);
  const inverts = present.invertedWhere;
  // What is not present at all was never inverted: of a PTE whose PRESENT bit was lost, the PFN stands as it was.
  const isInverted = inverts !== undefined && matches(inverts, word) && matches(layout.present, word);
  const stored = pfnOf(present.fields, word);
  const flipped = pfnOf(present.fields, ~word);
  const pfn = isInverted ? flipped : stored;
  const protNone = matches(layout.present, word) && isProtNone(present, word);
  const limit = BigInt(kernel.physBits - kernel.pageShift);
  const names = set
    .filter((row) => row.kind !== "pfn" && row.kind !== "free" && row.name !== "reserved")
    .map((row) => presentNameOf(backend, row, word));
  const has = (form: RegExp): boolean => names.some((name) => form.test(name));
  return {
    pfn,
    inverted: inverts === undefined ? null : isInverted ? stored : flipped,
    names,
    stray: set
      .filter((row) => row.kind === "free" || row.name === "reserved")
      .flatMap((row) => bitsOf(word & maskOf(row))),
    beyond: bitsOf(pfn >> limit).map((bit) => bit + kernel.physBits),
    protNone,
    special: has(/SPECIAL$/),
    devmap: has(/DEVMAP$/),
    user: present.fields.some(({ name }) => /_USER$|^PTE_USER$/.test(name)) ? has(/_USER$|^PTE_USER$/) : null,
    uncached: has(/_PAGE_PCD|NO_CACHE|NOCACHE|DEVICE/),
  };
}

/** By what the architecture says that tells it; else pte_present() holds, but not by the bit that the hardware reads. */
function isProtNone({ fields, reads }: PresentLayout, word: bigint): boolean {
  if (reads.protNone !== undefined) return reads.protNone.some((term) => matches([term], word));
  const hardware = rowNamed(fields, /_VALID$/) ?? rowNamed(fields, /PRESENT$/);
  return hardware !== null && (word & maskOf(hardware)) === 0n;
}

const rowNamed = (fields: readonly PresentField[], form: RegExp): PresentField | null =>
  fields.find(({ name }) => form.test(name)) ?? null;

function pfnOf(fields: readonly PresentField[], word: bigint): bigint {
  return fields
    .filter((row) => row.kind === "pfn")
    .reduce((pfn, row) => pfn | (((word & maskOf(row)) >> BigInt(row.low)) << BigInt(row.from)), 0n);
}

/** The kernel's name of the bit that makes a PTE present. */
export function presentName({ layout, present }: ArchBackend): string {
  const row = present?.fields.filter((field) => matches(layout.present, 1n << BigInt(field.low))).at(-1);
  return row?.name ?? "bit 0";
}

/** `60:57, 52`: bits as kernel people write them, the highest first. */
export function spans(bits: readonly number[]): string {
  const sorted = [...bits].sort((a, b) => b - a);
  const runs: [number, number][] = [];
  for (const bit of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === bit + 1) last[1] = bit;
    else runs.push([bit, bit]);
  }
  return runs.map(([high, low]) => (high === low ? `${high}` : `${high}:${low}`)).join(", ");
}
