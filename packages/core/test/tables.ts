// Tables in memory, written by hand for tests of the walk: a machine of 64-bit words with three levels, and one with two.
import type { ArchData, Geometry, UpperEntry } from "@ptekit/core";
import { bits, defineArch, differs, equals, levels, mmu, pfn, swpOffset, swpType, zeros } from "@ptekit/core";
import { CITATION, modified } from "./fixture.ts";

const ALL = 0xffff_ffff_ffff_ffffn;

export const entry: UpperEntry = {
  bytes: 8,
  none: equals(ALL, 0n),
  table: equals(3n, 1n),
  leaf: equals(3n, 3n),
  address: [bits(51, 12)],
};

export const threeLevels: Geometry = {
  since: "6.3",
  levels: levels(12, [9, 9, 9], entry),
  root: { align: 4096, userEntries: 256, copy: { flip: 0x1000n, what: "a copy" } },
  citation: CITATION,
};

const data: ArchData = {
  name: "wide",
  title: "Wide",
  header: "arch/x/include/asm/pgtable.h",
  layouts: [
    {
      id: "wide 6.3",
      since: "6.3",
      pteBits: 64,
      fields: [swpOffset(63, 7), swpType(6, 2), zeros(1, 0, "pte_present() reads it")],
      present: differs(1n, 0n),
      none: equals(ALL, 0n),
      pmd: { when: [], present: differs(1n, 0n), citation: CITATION },
      citation: CITATION,
    },
  ],
  present: [
    {
      since: "6.3",
      fields: [mmu(63, 52, "X"), pfn(51, 12), mmu(11, 0, "X")],
      ...modified,
      citation: CITATION,
    },
  ],
  geometry: [{ ...threeLevels, when: ["deep"], levels: levels(12, [9, 9, 9, 9], entry) }, threeLevels],
  symbols: [],
  cpus: [{ name: "deep", only: "geometry", citation: CITATION }],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 52, citation: CITATION }],
  byteOrder: [{ order: "little" }],
};

/** The machine, or one that differs from it. */
export const wideArch = (change: Partial<ArchData> = {}) => defineArch({ ...data, ...change });

export const withGeometry = (change: Partial<Geometry>) =>
  wideArch({ geometry: [{ ...threeLevels, ...change }], cpus: [] }).for({ release: "6.12" });

export const wide = wideArch().for({ release: "6.12" });

/** Physical memory from 0 on: words by address. */
export function memoryOf(words: ReadonlyMap<bigint, bigint>, size = 0x100000n) {
  const bytes = new Uint8Array(Number(size));
  const view = new DataView(bytes.buffer);
  for (const [address, word] of words) view.setBigUint64(Number(address), word, true);
  const read = (address: bigint, into: Uint8Array): boolean | string => {
    if (address + BigInt(into.length) > size) return "outside";
    into.set(bytes.subarray(Number(address), Number(address) + into.length));
    return "read";
  };
  return { read, ranges: [{ start: 0n, end: size }] };
}

/** Words of a tree: root at 0x1000, a table below its entry 0 at 0x2000, PTEs below that one's entry 1 at 0x3000. */
export const TREE: ReadonlyMap<bigint, bigint> = new Map([
  [0x1000n, 0x2001n],
  [0x2000n + 8n, 0x3001n],
  [0x2000n + 16n, 0x40_0003n],
  [0x2000n + 24n, (0x1234n << 7n) | (3n << 2n)],
  [0x3000n + 8n * 5n, 0x7_7001n],
  [0x3000n + 8n * 6n, (0x55n << 7n) | (2n << 2n)],
]);
