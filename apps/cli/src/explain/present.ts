import type { ArchBackend, PresentField } from "@ptekit/core";
import { maskOf, matches } from "@ptekit/core";

/** A word read as if it were a present PTE. */
export interface Look {
  readonly pfn: bigint;
  /** The kernel's names of the attribute bits that are set. */
  readonly names: readonly string[];
  /** Nothing stands where a present PTE has nothing. */
  readonly plausible: boolean;
  /** What is wrong with it, where it is not plausible. */
  readonly wrong: string;
  /** Its attributes say device memory (x86: _PAGE_PCD). */
  readonly uncached: boolean;
  /** Whether its page lies in the same 256 MiB (with 4K pages) as a page table. */
  near(pmd: bigint): boolean;
}

/** A word read as a present PTE, its PRESENT bit aside; null where present PTEs are not described. */
export function asPresent(backend: ArchBackend, word: bigint): Look | null {
  const { present, kernel } = backend;
  if (!present) return null;
  const frames = pfnOf(present.fields, word);
  const tooHigh = frames >> BigInt(kernel.physBits - kernel.pageShift) !== 0n;
  const stray = present.fields.filter(
    (row) => (row.kind === "free" || row.name === "reserved") && (word & maskOf(row)) !== 0n,
  );
  const names = present.fields
    .filter(
      (row) =>
        (row.kind === "hardware" || row.kind === "software") &&
        row.name !== "reserved" &&
        (word & maskOf(row)) !== 0n,
    )
    .map(({ name }) => name);
  return {
    pfn: frames,
    names,
    plausible: !tooHigh && stray.length === 0,
    wrong: tooHigh
      ? `its pfn 0x${frames.toString(16)} lies beyond ${kernel.physBits} bits of physical memory`
      : `bits that no PTE uses are set (${stray.map((row) => `${row.high}:${row.low}`).join(", ")})`,
    uncached: names.includes("_PAGE_PCD"),
    near: (pmd) => frames >> 16n !== 0n && frames >> 16n === (pmd >> BigInt(kernel.pageShift)) >> 16n,
  };
}

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
