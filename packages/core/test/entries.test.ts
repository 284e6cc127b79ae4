import type { EntryBlock, TableProblem } from "@ptekit/core";
import { entries, findRoot, PtekitError } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { refusal } from "./fixture.ts";
import { memoryOf, TREE, wide, wideArch, withGeometry } from "./tables.ts";

const { read } = memoryOf(TREE);

/** Every word of the parts, by address, that is not 0; problems as they come. */
function listed(parts: Iterable<EntryBlock | TableProblem>): (string | TableProblem["problem"])[] {
  const said: string[] = [];
  for (const part of parts) {
    if (part.kind === "problem") {
      said.push(`${part.problem} ${part.level} 0x${part.address.toString(16)}`);
      continue;
    }
    const view = new DataView(part.bytes.buffer, part.bytes.byteOffset, part.bytes.length);
    expect(part.bytes).toHaveLength(8 * part.count);
    for (const run of part.runs) {
      for (let i = 0; i < run.count; i++) {
        const word = view.getBigUint64(8 * (run.first + i), true);
        const address = run.address + BigInt(i) * part.span;
        if (word !== 0n) said.push(`${part.level} 0x${address.toString(16)}: 0x${word.toString(16)}`);
      }
    }
  }
  return said;
}

const ALL_OF_TREE = [
  "pte 0x205000: 0x77001",
  "pte 0x206000: 0x2a88",
  "pmd 0x400000: 0x400003",
  "pmd 0x600000: 0x91a0c",
];

describe("entries", () => {
  it("streams pages and entries that are not present, lowest address first, at the levels where they stand", () => {
    expect(listed(entries(wide, 0x1000n, read))).toEqual(ALL_OF_TREE);
  });

  it("says where each run of entries stands in memory", () => {
    const blocks = [...entries(wide, 0x1000n, read)].map(
      (part) => part.kind === "entries" && [part.level, part.runs],
    );
    expect(blocks).toEqual([
      ["pte", [{ address: 0x20_0000n, at: 0x3000n, first: 0, count: 512 }]],
      [
        "pmd",
        [
          { address: 0x40_0000n, at: 0x2010n, first: 0, count: 1 },
          { address: 0x60_0000n, at: 0x2018n, first: 1, count: 1 },
        ],
      ],
    ]);
  });

  it("reads into the caller's memory, and makes a block of what fits there", () => {
    const tables = new Map([...TREE]);
    for (let i = 4n; i < 20n; i++) {
      tables.set(0x2000n + 8n * i, (i << 16n) | 1n);
      tables.set(i << 16n, 0x5001n + (i << 12n));
    }
    const memory = memoryOf(tables, 0x20_0000n);
    const into = new Uint8Array(3 * 4096 + 100);
    const sizes: number[] = [];
    for (const part of entries(wide, 0x1000n, memory.read, { into })) {
      if (part.kind !== "entries") throw new Error(part.sentence);
      expect(part.bytes.buffer).toBe(into.buffer);
      if (part.level === "pte") sizes.push(part.runs.length);
    }
    expect(sizes).toEqual([1, 3, 3, 3, 3, 3, 1]);
  });

  it("leaves the kernel's half out unless all is asked for, and gives its addresses their upper bits", () => {
    const both = memoryOf(
      new Map([...TREE, [0x1000n + 8n * 511n, 0x4001n], [0x4000n + 8n * 511n, 0x80_0003n]]),
    );
    expect(listed(entries(wide, 0x1000n, both.read))).toEqual(ALL_OF_TREE);
    expect(listed(entries(wide, 0x1000n, both.read, { part: "all" }))).toEqual([
      ...ALL_OF_TREE,
      "pmd 0xffffffffffe00000: 0x800003",
    ]);
    const own = withGeometry({ root: { align: 4096 } });
    const base = 0xffff_ff80_0000_0000n;
    expect(listed(entries(own, 0x1000n, read, { base }))[0]).toBe("pte 0xffffff8000205000: 0x77001");
  });

  it("says once of a table that stands below two entries, and streams it once", () => {
    const shared = memoryOf(new Map([...TREE, [0x2000n + 40n, 0x3001n], [0x1008n, 0x2001n]]));
    expect(listed(entries(wide, 0x1000n, shared.read))).toEqual([
      ...ALL_OF_TREE,
      "shared pmd 0xa00000",
      "shared pud 0x40000000",
    ]);
  });

  it("says of a table that leads back to one above it, and goes on", () => {
    const cycle = memoryOf(new Map([...TREE, [0x1008n, 0x1001n], [0x2000n, 0x1001n]]));
    expect(listed(entries(wide, 0x1000n, cycle.read))).toEqual([
      "cycle pmd 0x0",
      ...ALL_OF_TREE,
      "cycle pud 0x40000000",
    ]);
  });

  it("says of a table outside memory and of a bad entry, in their places", () => {
    const hostile = memoryOf(new Map([...TREE, [0x2000n, 0x7777_0001n], [0x1008n, 0x2n]]));
    const parts = [...entries(wide, 0x1000n, hostile.read)];
    expect(listed(parts.filter((part) => part.kind === "problem"))).toEqual([
      "unreadable pmd 0x0",
      "bad pud 0x40000000",
    ]);
    expect(parts[0]).toMatchObject({
      table: 0x7777_0000n,
      entry: 0x7777_0001n,
      sentence: "the table at 0x77770000 is not in this memory (outside)",
    });
    expect(listed(entries(wide, 0x10_0000n, read))).toEqual(["unreadable pgd 0x0"]);
  });

  it("leaves tables out that hold nothing, however many entries lead there", () => {
    const empty = new Map<bigint, bigint>([...TREE, [0x4000n, 0x5001n], [0x4008n, 0x5001n]]);
    for (let i = 1n; i < 100n; i++) empty.set(0x1000n + 8n * i, 0x4001n);
    expect(listed(entries(wide, 0x1000n, memoryOf(empty).read))).toEqual(ALL_OF_TREE);
  });

  it("ends in a bounded number of reads, whatever the memory says", () => {
    let reads = 0;
    const word = (table: bigint, i: number): bigint =>
      ((((table >> 12n) * 7n + BigInt(i)) % 64n) << 12n) | 1n;
    const parts = [
      ...entries(wide, 0x1000n, (address, into) => {
        reads++;
        const view = new DataView(into.buffer, into.byteOffset, into.length);
        for (let i = 0; i < into.length; i += 8) view.setBigUint64(i, word(address, i / 8), true);
        return true;
      }),
    ];
    expect(reads).toBeLessThanOrEqual(64);
    expect(parts.length).toBeGreaterThan(0);
  });

  it("refuses memory that holds no whole table, and options that it does not know", () => {
    const refused = (options: object): string => {
      try {
        entries(wide, 0x1000n, read, options);
      } catch (error) {
        if (error instanceof PtekitError) return error.code;
      }
      return "not refused";
    };
    expect(refused({ into: new Uint8Array(4000) })).toBe("BAD_ARGUMENT");
    expect(refused({ part: "kernel" })).toBe("UNKNOWN_OPTION");
    expect(refused({ parts: "all" })).toBe("UNKNOWN_OPTION");
  });
});

describe("findRoot", () => {
  const pages = [
    { address: 0x20_5000n, pfn: 0x77n },
    { address: 0x40_1000n, pfn: 0x401n },
  ];

  it("finds the table from which the walk of every page gives its frame", () => {
    expect(findRoot(wide, memoryOf(TREE), pages)).toEqual({ root: 0x1000n, candidates: [0x1000n] });
    expect(findRoot(wide, memoryOf(TREE), [{ address: 0x20_5000n, pfn: 0x78n }])).toEqual({
      root: null,
      candidates: [],
    });
  });

  it("tells a root from its copy, and says of two that are none", () => {
    const twice = (at: bigint) => memoryOf(new Map([...TREE, [0x4000n, 0x2001n], [at, 0x2001n]]));
    expect(findRoot(wide, twice(0x5000n), pages)).toEqual({
      root: null,
      candidates: [0x1000n, 0x4000n, 0x5000n],
    });
    const copied = memoryOf(new Map([...[...TREE].slice(1), [0x4000n, 0x2001n], [0x5000n, 0x2001n]]));
    expect(findRoot(wide, copied, pages)).toEqual({ root: 0x4000n, candidates: [0x4000n, 0x5000n] });
  });

  it("searches on where parts of the memory are not there", () => {
    const memory = memoryOf(TREE);
    const torn = {
      ranges: [{ start: 0n, end: 0x30_0000n }],
      read: (address: bigint, into: Uint8Array) =>
        address < 0x1000n ? "excluded" : memory.read(address, into),
    };
    expect(findRoot(wide, torn, pages).root).toBe(0x1000n);
  });

  it("refuses to search without pages, or where present PTEs are not described", () => {
    expect(refusal(() => findRoot(wide, memoryOf(TREE), []))).toMatch(/^BAD_ARGUMENT: /);
    const blind = wideArch({ present: [] }).for({ release: "6.12" });
    expect(refusal(() => findRoot(blind, memoryOf(TREE), pages))).toMatch(/^NO_PRESENT_LAYOUT: /);
  });
});
