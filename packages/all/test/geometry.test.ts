import { loadAll } from "@ptekit/all";
import type { ArchBackend, Architecture, Geometry, Level } from "@ptekit/core";
import { addressBitsOf, emptyPte, entries, longBitsOf, namesOf, targetOfLayout, walk } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { backendWith, beyond, someAddresses, treesFor } from "./geometry-trees.ts";

const archs = await loadAll();

/** The same numbers in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const title = ({ since, when = [] }: Geometry): string => [since, ...when].join(" ");

const rows: [string, Architecture, Geometry][] = archs.flatMap((arch) =>
  (arch.geometry ?? []).map((row): [string, Architecture, Geometry] => [
    `${arch.name} ${title(row)}`,
    arch,
    row,
  ]),
);

// Layouts whose tables nobody has read yet: of kernels older than the geometry goes back, or of a configuration that it does
// not describe. walk() refuses them.
const UNREAD: Readonly<Record<string, readonly string[]>> = {
  alpha: ["alpha 4.2"],
  arc: ["arc 4.2 MMU v2", "arc 4.2 MMU v1", "arc 4.2", "arc 4.2 PAE40"],
  arm64: ["arm64 3.13", "arm64 3.10"],
  hexagon: ["hexagon 4.2"],
  ia64: ["ia64 4.0"],
  loongarch: ["loongarch 6.19 32-bit"],
  m68k: ["m68k 4.2 motorola", "m68k 4.2 sun3", "m68k 4.2 coldfire"],
  microblaze: ["microblaze 4.2"],
  nios2: ["nios2 4.2"],
  openrisc: ["openrisc 4.2"],
  parisc: ["parisc 4.2 64-bit", "parisc 4.2 32-bit"],
  powerpc: [
    "powerpc 5.8 radix 4K",
    "powerpc 5.8 radix 64K",
    "powerpc 4.19 radix 4K",
    "powerpc 4.19 hash 4K",
    "powerpc 4.19 radix 64K",
    "powerpc 4.19 hash 64K",
    "powerpc 4.12 radix 4K",
    "powerpc 4.12 hash 4K",
    "powerpc 4.12 radix 64K",
    "powerpc 4.12 hash 64K",
    "powerpc 4.7 radix 4K",
    "powerpc 4.7 radix 64K",
    "powerpc 4.7 hash 4K",
    "powerpc 4.7 hash 64K",
    "powerpc 3.10.0-514.el7 hash 4K",
    "powerpc 3.10.0-514.el7 hash 64K",
  ],
  s390: ["s390 4.2", "s390 3.10.0-514.el7", "s390 2.6.32-503.el6"],
  sh: ["sh 4.2", "sh 4.2 X2TLB"],
  um: ["um 4.2 64-bit", "um 4.2 32-bit"],
  xtensa: ["xtensa 4.2"],
};

it.each(archs.map((arch) => [arch.name, arch] as const))(
  "%s: every other layout has its tables",
  (_, arch) => {
    const without = arch.layouts.filter((layout) => arch.for(targetOfLayout(arch, layout)).geometry === null);
    expect(without.map(({ id }) => id)).toEqual(UNREAD[arch.name] ?? []);
  },
);

describe.each(rows)("%s", (_, arch, row) => {
  const backend = backendWith(arch, row) as ArchBackend;

  it("is what some target has", () => {
    expect(backend).not.toBeNull();
  });

  it("ends with pages of the kernel's size, and translates no more bits than an address has", () => {
    const pte = row.levels.at(-1) as Level;
    expect(pte.shift).toBe(backend.kernel.pageShift);
    expect(addressBitsOf(row.levels)).toBeLessThanOrEqual(longBitsOf(backend.layout));
    expect(row.levels.flatMap((_level, at) => namesOf(row.levels, at))).toEqual([
      "pgd",
      "p4d",
      "pud",
      "pmd",
      "pte",
    ]);
  });

  it("every address of a table comes back from its path, and every level costs one read", () => {
    const addresses = someAddresses(backend, 40, randomFrom(row.levels.length));
    const trees = treesFor(backend, addresses);
    for (const address of addresses) {
      let reads = 0;
      const within = address | 0x123n;
      const found = walk(backend, trees.root, within, (at, into) => {
        reads++;
        return trees.read(at, into);
      });
      expect(found.end).toBe("not-present");
      const last = found.path.at(-1);
      expect(last?.entry).toBe(trees.written.get(address));
      expect(reads).toBe(row.levels.length + (row.rootIsTagged ? 1 : 0));
      const back = found.path.reduce(
        (sum, { index }, at) => sum | partOf(row.levels[at] as Level, index),
        0n,
      );
      expect(back).toBe(address);
    }
  });

  it("its entries are streamed once each, lowest address first", () => {
    const addresses = someAddresses(backend, 8, randomFrom(7));
    const trees = treesFor(backend, addresses);
    const empty = backend.toBytes(emptyPte(backend.layout));
    const size = empty.length;
    const found: [bigint, bigint][] = [];
    for (const part of entries(backend, trees.root, trees.read)) {
      if (part.kind === "problem") throw new Error(part.sentence);
      expect(part.level).toBe("pte");
      for (const run of part.runs) {
        for (let i = 0; i < run.count; i++) {
          if (isEmpty(part.bytes, (run.first + i) * size, empty)) continue;
          const at = (run.first + i) * size;
          const pte = backend.fromBytes(part.bytes.subarray(at, at + size));
          const address = run.address + BigInt(i) * part.span;
          found.push([address, pte]);
        }
      }
    }
    expect(found).toEqual(addresses.map((address) => [address, trees.written.get(address)]));
  });

  it("says of an address beyond its tables that it is outside, and reads no entry for it", () => {
    const address = beyond(backend);
    if (address === null) return;
    const trees = treesFor(backend, [0n]);
    expect(walk(backend, trees.root, address, trees.read)).toMatchObject({ end: "outside", path: [] });
  });
});

const isEmpty = (bytes: Uint8Array, at: number, empty: Uint8Array): boolean =>
  empty.every((byte, i) => bytes[at + i] === byte);

/** The bits of an address that an index is of. */
function partOf({ shift, indexBits, region }: Level, index: number): bigint {
  const low = BigInt(index % 2 ** indexBits) << BigInt(shift);
  return region === undefined ? low : (BigInt(index >> indexBits) << BigInt(region.shift)) | low;
}
