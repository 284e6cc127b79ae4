// Bits of a word, as the page shows and changes them.
import type { ArchBackend, Decoded } from "@ptekit/core";
import { presentNameOf } from "@ptekit/core";

/** A run of bits with one meaning: what the ruler draws. */
export interface Run {
  readonly high: number;
  readonly low: number;
  /** `offset`, `exclusive`, `_PAGE_RW`; the meaning of a run in words. */
  readonly name: string;
  /** A letter or two where the name has no room. */
  readonly letter: string;
  /** What colours it: the same for the same kind of run. */
  readonly kind: string;
}

const NAMES: Readonly<Record<string, readonly [name: string, letter: string]>> = {
  swpType: ["type", "t"],
  swpOffset: ["offset", "o"],
  exclusive: ["exclusive", "E"],
  softDirty: ["soft-dirty", "S"],
  uffdWp: ["uffd-wp", "F"],
  zeros: ["zero", "0"],
  ones: ["one", "1"],
  hardware: ["hardware may set it", "H"],
  setPte: ["set_pte() sets it", "m"],
  dropped: ["dropped", "d"],
  spare: ["free", "X"],
};

/** The runs of a word, the highest first: those of a present PTE where it is one and the layout describes them. */
export function runsOf(backend: ArchBackend, said: Decoded): readonly Run[] {
  if (said.kind === "present" && backend.present) {
    return backend.present.fields.map((row) => {
      const { high, low, kind } = row;
      const name = presentNameOf(backend, row, said.pte);
      return {
        high,
        low,
        name: kind === "free" ? "free" : name,
        letter: kind === "free" ? "X" : letterOf(name),
        kind: `present-${kind}`,
      };
    });
  }
  return backend.layout.fields.map(({ high, low, kind, inverted }) => {
    const [name, letter] = NAMES[kind] ?? [kind, "?"];
    return { high, low, kind, name: inverted ? `~${name}` : name, letter };
  });
}

const letterOf = (name: string): string =>
  name.replace(/^_?(PAGE|PTE|L_PTE|SRMMU|REGION|SEGMENT)_/, "").slice(0, 2);

/** A word with one bit turned round. */
export const toggled = (word: bigint, bit: number): bigint => word ^ (1n << BigInt(bit));

/** Whether a bit is set. */
export const isSet = (word: bigint, bit: number): boolean => ((word >> BigInt(bit)) & 1n) === 1n;

/** The bits of a word in rows, the highest first. */
export function rowsOfBits(bits: number, inRow: number): readonly (readonly number[])[] {
  return Array.from({ length: bits / inRow }, (_, row) =>
    Array.from({ length: inRow }, (_, column) => bits - 1 - inRow * row - column),
  );
}
