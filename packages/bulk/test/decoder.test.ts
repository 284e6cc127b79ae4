import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Columns, ColumnsU32, ColumnsU64, Decoder } from "@ptekit/bulk";
import { compile, compileSweep, createColumns } from "@ptekit/bulk";
import type { ArchBackend } from "@ptekit/core";
import { createBackend, exclusive, KINDS, PtekitError, swpOffset, swpType } from "@ptekit/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { bytesOf, rowOf, scalarRow, wordsFor, wordsOf } from "./agreement.ts";
import { architectures } from "./backends.ts";

const archs = await architectures();

function backendOf(name: string, release: string): ArchBackend {
  const arch = archs.find((candidate) => candidate.name === name);
  if (!arch) throw new Error(`${name} is missing`);
  return arch.for({ release });
}

const x86 = backendOf("x86_64", "6.12");
const arm = backendOf("arm", "6.12");
const words = wordsFor(x86, 70_001, 7);

/** The sentence of the PtekitError that the work throws. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PtekitError) return String(error);
    throw error;
  }
  throw new Error("nothing was refused");
}

function expectRows(columns: Columns, some: readonly bigint[], backend = x86): void {
  const step = Math.max(1, Math.floor(some.length / 500));
  for (let i = 0; i < some.length; i += step)
    expect(rowOf(columns, i)).toEqual(scalarRow(backend, some[i] as bigint));
}

describe.each(["simd", "javascript"] as const)("the %s engine", (engine) => {
  const make = (backend = x86): Promise<Decoder> => compile(backend, { engine });

  it("decodes more than one block, and says which engine it is", async () => {
    const decoder = await make();
    expect(decoder.engine).toBe(engine);
    expectRows(decoder.decode(wordsOf(x86, words)), words);
  });

  it("decodes bytes at every alignment", async () => {
    const decoder = await make();
    const bytes = bytesOf(x86, words.slice(0, 100));
    for (let shift = 0; shift < 9; shift++) {
      const room = new Uint8Array(bytes.length + shift);
      room.set(bytes, shift);
      expectRows(decoder.decode(room.subarray(shift)), words.slice(0, 100));
      expectRows(decoder.decode(new DataView(room.buffer, shift)), words.slice(0, 100));
    }
  });

  // The counting kernel looks for entries first, but where nearly every group of 16 had one: it goes over from one to the
  // other at every few thousand PTEs.
  it.each([x86, arm])(
    "a census counts stretches of entries, of none and of a few: $arch",
    async (backend) => {
      const swap = backend.encode({ type: 1, offset: 5n });
      const marker = backend.specialPte("uffd-wp", { by: "swap-type" });
      const stretches: readonly ((i: number) => bigint)[] = [
        () => swap,
        () => 0n,
        (i) => (i % 16 < 9 ? 0n : i % 16 === 9 ? marker : swap),
        (i) => (i % 640 === 0 ? swap : 0n),
        (i) => (i % 32 < 20 ? swap : 0n),
      ];
      const many = Array.from({ length: 29 * 5000 + 7 }, (_, i) =>
        (stretches[Math.floor(i / 5000) % stretches.length] as (i: number) => bigint)(i),
      );
      const { kinds, types, flags, markers } = (await make(backend)).census(wordsOf(backend, many));
      const times = (word: bigint): number => many.filter((other) => other === word).length;
      expect(kinds).toMatchObject({ none: times(0n), swap: times(swap), marker: times(marker), present: 0 });
      expect(types[1]).toBe(times(swap));
      expect(types[0]).toBe(0);
      expect(markers["uffd-wp"]).toBe(times(marker));
      expect(Object.values(flags).every((count) => count === 0)).toBe(true);
    },
  );

  it("fills the first rows of `out` and leaves the others", async () => {
    const decoder = await make();
    const out = createColumns(120, "u64");
    out.kind.fill(77);
    expect(decoder.decode(wordsOf(x86, words.slice(0, 100)), out)).toBe(out);
    expectRows(out, words.slice(0, 100));
    expect([...out.kind.subarray(100)]).toEqual(new Array(20).fill(77));
  });

  it("works in its own memory without a copy, whole or in part", async () => {
    const decoder = await make();
    const memory = decoder.memory(1000);
    (memory.words as BigUint64Array).set(words.slice(0, 1000));
    expect(decoder.decode(memory.words, memory.columns)).toBe(memory.columns);
    expectRows(memory.columns, words.slice(0, 1000));
    const part = memory.words.subarray(3, 40);
    expectRows(decoder.decode(part), words.slice(3, 40));
    expect(decoder.census(part)).toEqual(decoder.census(wordsOf(x86, words.slice(3, 40))));
    const other = decoder.memory(10);
    expect(memory.words.length).toBe(1000);
    expect(other.words.length).toBe(10);
  });

  it("finds entries of a device, flags, markers and offsets", async () => {
    const decoder = await make();
    const rows = words.map((word) => scalarRow(x86, word));
    const ptes = wordsOf(x86, words);
    const places = (test: (row: (typeof rows)[0]) => boolean): number[] =>
      rows.flatMap((row, i) => (test(row) ? [i] : []));
    const isEntry = (kind: number): boolean => kind > 1;
    expect([...decoder.find(ptes, { type: 3 })]).toEqual(
      places((row) => isEntry(row.kind) && row.type === 3),
    );
    expect([...decoder.find(ptes, { kind: ["none", "migration"] })]).toEqual(
      places((row) => ["none", "migration"].includes(KINDS[row.kind] ?? "")),
    );
    expect([...decoder.find(ptes, { marker: "uffd-wp" })]).toEqual(
      places((row) => KINDS[row.kind] === "marker" && (row.offset & 1n) === 1n),
    );
    expect([...decoder.find(ptes, { uffdWp: true, exclusive: false })]).toEqual(
      places((row) => isEntry(row.kind) && (row.flags & 5) === 4),
    );
    expect([...decoder.find(ptes, { type: [0, 1], offset: { from: 1n, to: 1n << 48n } })]).toEqual(
      places((row) => isEntry(row.kind) && row.type < 2 && row.offset >= 1n && row.offset <= 1n << 48n),
    );
  });

  it("decodes a stream in pieces of any size, and counts it", async () => {
    const decoder = await make();
    const bytes = bytesOf(x86, words.slice(0, 5000));
    const pieces = function* (): Generator<Uint8Array> {
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 1013)
        yield bytes.subarray(at, at + size);
    };
    let next = 0;
    const progress: number[] = [];
    for await (const block of decoder.blocks(pieces(), {
      ptesPerBlock: 333,
      onProgress: (done) => progress.push(done),
    })) {
      expect(block.first).toBe(next);
      expectRows(block.columns, words.slice(next, next + block.count));
      next += block.count;
    }
    expect(next).toBe(5000);
    expect(progress.at(-1)).toBe(5000);
    expect(await decoder.censusOf(pieces())).toEqual(decoder.census(bytes));
  });

  it("reports a stream that ends inside a PTE", async () => {
    const decoder = await make();
    expect(await refusal(() => decoder.censusOf([new Uint8Array(21)]))).toMatch(
      /^BAD_FILE: x86_64 5.19: .* inside PTE 2: 5 of 8 bytes/,
    );
  });

  it("refuses what does not fit when it encodes, naming the row, as core does", async () => {
    const decoder = await make(arm);
    const encode = (change: (columns: Columns) => void): Promise<string> => {
      const columns = createColumns(40, "u64");
      columns.kind.fill(KINDS.indexOf("swap"));
      change(columns);
      return refusal(() => decoder.encode(columns));
    };
    expect(await encode(({ offset }) => offset?.set([0x1000000n], 33))).toBe(
      "OFFSET_TOO_WIDE: row 33: arm 6.3: offset 0x1000000 needs 25 bits, swpOffset 31:8 holds 24",
    );
    expect(await encode(({ type }) => type.set([32], 5))).toMatch(
      /^TYPE_TOO_WIDE: row 5: arm 6.3: type 32 needs 6 bits/,
    );
    expect(await encode(({ flags }) => flags.set([4], 39))).toBe(
      "NO_SUCH_FLAG: row 39: arm 6.3: swap PTEs have no uffdWp bit",
    );
    expect(await encode(({ flags }) => flags.set([128], 1))).toMatch(/^NO_SUCH_FLAG: arm 6.3: row 1: /);
    expect(await encode(({ kind }) => kind.set([1], 2))).toMatch(
      /^BAD_ARGUMENT: arm 6.3: row 2: present cannot/,
    );
    expect(await encode(({ kind }) => kind.set([200], 2))).toMatch(
      /^BAD_ARGUMENT: arm 6.3: row 2: kind 200 cannot/,
    );
  });
});

describe("bad input", () => {
  it("names arrays of the wrong kind, and lengths that are not whole PTEs", async () => {
    const decoder = await compile(x86);
    const wrong = (ptes: unknown): Promise<string> => refusal(() => decoder.decode(ptes as Uint8Array));
    expect(await wrong(new Uint32Array(2))).toBe(
      "BAD_ARGUMENT: x86_64 5.19: PTEs of 64 bits are a BigUint64Array, not a Uint32Array",
    );
    expect(await wrong(new Uint8Array(17))).toBe(
      "BAD_ARGUMENT: x86_64 5.19: 17 bytes are not whole PTEs of 8: 1 left over",
    );
    expect(await wrong([1n])).toMatch(/numbers or a Uint8Array of bytes, not a Array$/);
    expect(await wrong("0x1")).toMatch(/not string 0x1$/);
    expect(await wrong(new Float64Array(1))).toMatch(/not a Float64Array$/);
    expect(await wrong(undefined)).toMatch(/not undefined$/);
  });

  it("names an output that is too small, or has the wrong columns", async () => {
    const decoder = await compile(x86);
    const into = (out: unknown): Promise<string> =>
      refusal(() => decoder.decode(new BigUint64Array(9), out as Columns<"u64">));
    expect(await into(createColumns(8, "u64"))).toBe("BAD_ARGUMENT: out has room for 8 rows, 9 are needed");
    expect(await into(createColumns(9, "u32"))).toBe(
      "BAD_ARGUMENT: out.offset is a BigUint64Array, not undefined",
    );
    expect(await into({ ...createColumns(9, "u64"), kind: new Uint16Array(9) })).toBe(
      "BAD_ARGUMENT: out.kind is a Uint8Array, not a Uint16Array",
    );
    expect(await into({ ...createColumns(9, "u64"), note: 1 })).toMatch(/has the columns .*, not note$/);
    expect(await into(null)).toMatch(/^BAD_ARGUMENT/);
  });

  it("names unknown options, predicates and sizes", async () => {
    const decoder = await compile(x86);
    expect(await refusal(() => compile(x86, { engine: "gpu" as "simd" }))).toBe(
      "UNKNOWN_OPTION: engine is auto or simd or javascript, not gpu",
    );
    expect(await refusal(() => compile(x86, { fast: true } as object))).toMatch(/^UNKNOWN_OPTION/);
    const find = (predicate: unknown): Promise<string> =>
      refusal(() => decoder.find(new Uint8Array(8), predicate as object));
    expect(await find({ kind: "swapped" })).toMatch(/^BAD_ARGUMENT: a kind is one of none, present/);
    expect(await find({ type: 64 })).toMatch(/from 0 to 63, not 64$/);
    expect(await find({ typ: 1 })).toMatch(/^UNKNOWN_OPTION/);
    expect(await find({ marker: "guard" })).toMatch(
      /^NO_SUCH_MARKER: x86_64 5.19: 6.12 has uffd-wp, poisoned, not guard$/,
    );
    expect(await find({ exclusive: 1 })).toMatch(/^BAD_ARGUMENT/);
    expect(await find({ offset: { from: 3 } })).toMatch(/^BAD_ARGUMENT/);
    expect(await find(null)).toMatch(/^BAD_ARGUMENT/);
    expect(await refusal(() => decoder.memory(0))).toMatch(/^BAD_ARGUMENT/);
    expect(await refusal(() => decoder.memory(2 ** 31))).toMatch(
      /^BAD_ARGUMENT: 2147483648 PTEs .* need \d+ pages/,
    );
  });

  it("names the field of a layout that cannot be compiled", async () => {
    const change = (layout: object): Promise<string> => {
      const { arch, present, types, kernel } = x86;
      const made = createBackend({
        arch,
        layout: { ...x86.layout, ...layout },
        present,
        types,
        kernel,
        assumptions: [],
      });
      return refusal(() => compile(made));
    };
    const offset = swpOffset(58, 9);
    expect(await change({ fields: [swpType(65, 60), offset] })).toBe(
      "BAD_LAYOUT: x86_64 5.19: swpType 65:60 lies outside a PTE of 64 bits",
    );
    expect(await change({ fields: [swpType(63, 59), offset, exclusive(1), exclusive(2)] })).toBe(
      "BAD_LAYOUT: x86_64 5.19: exclusive has more than one row",
    );
    expect(await change({ present: [{ mask: 1n << 64n, op: "!=", value: 0n }] })).toBe(
      "BAD_LAYOUT: x86_64 5.19: present: mask 0x10000000000000000 is wider than a PTE",
    );
    expect(await change({ none: [{ mask: 1n, op: "==", value: 2n }] })).toMatch(
      /none: value 0x2 has bits outside the mask/,
    );
  });
});

/** Node reads the sources of every package. */
const FROM_SOURCE = ["--import", "tsx", "--conditions=@ptekit/source"];

describe("where it runs", () => {
  it("makes no code from strings", () => {
    const script = `
      import { compile } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      import { arm } from ${JSON.stringify(new URL("../../arch/arm/src/index.ts", import.meta.url).href)};
      for (const engine of ["simd", "javascript"]) {
        const decoder = await compile(arm.for({ release: "6.12" }), { engine });
        console.log(decoder.decode(Uint32Array.of(0x1084)).offset[0]);
      }`;
    const flags = [
      ...FROM_SOURCE,
      "--disallow-code-generation-from-strings",
      "--input-type=module",
      "-e",
      script,
    ];
    expect(execFileSync(process.execPath, flags, { encoding: "utf8" })).toBe("16n\n16n\n");
  });

  it.each([
    ["there is no WebAssembly", "undefined"],
    [
      "it has no SIMD, or a Content-Security-Policy forbids it",
      "{ Module: class { constructor() { throw new Error(); } } }",
    ],
    [
      "no memory can be had, as under a limit of address space (16)",
      "{ ...globalThis.WebAssembly, Module: WebAssembly.Module, Instance: WebAssembly.Instance, Memory: class { constructor() { throw new RangeError(); } } }",
    ],
  ])("falls back to JavaScript where %s, and says so where SIMD was asked for", (_, api) => {
    const script = `
      import { compile } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      import { arm } from ${JSON.stringify(new URL("../../arch/arm/src/index.ts", import.meta.url).href)};
      globalThis.WebAssembly = ${api};
      const backend = arm.for({ release: "6.12" });
      const decoder = await compile(backend);
      console.log(decoder.engine, decoder.decode(Uint32Array.of(0x1084)).offset[0]);
      await compile(backend, { engine: "simd" }).catch((error) => console.log(error.code));`;
    const printed = execFileSync(process.execPath, [...FROM_SOURCE, "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(printed).toBe("javascript 16n\nBAD_ARGUMENT\n");
  });

  it("imports nothing of Node but in ./node and ./worker", () => {
    const sources = new URL("../src/", import.meta.url);
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = fs.readFileSync(new URL(file, sources), "utf8");
      expect(text).not.toMatch(/from "node:|import\("node:|require\(/);
      for (const [, other = ""] of text.matchAll(/from "(\.[^"]+)"/g))
        visit(path.posix.join(path.posix.dirname(file), other));
    };
    visit("index.ts");
    expect(seen.size).toBeGreaterThan(0);
  });
});

describe("types", () => {
  it("columns are of the offsets that were asked for", async () => {
    const wide = await compile(x86);
    expectTypeOf(wide.decode(new BigUint64Array(1)).offset).toEqualTypeOf<BigUint64Array>();
    expectTypeOf(wide.memory(1).columns).toEqualTypeOf<ColumnsU64>();
    const halves = await compile(x86, { offsets: "u32" });
    expectTypeOf(halves.decode(new BigUint64Array(1)).offsetLow).toEqualTypeOf<Uint32Array>();
    expectTypeOf(createColumns(1, "u32")).toEqualTypeOf<ColumnsU32>();
    // @ts-expect-error Columns of halves hold no whole offsets.
    expect(() => wide.encode(createColumns(1, "u32"))).toThrow(PtekitError);
    for await (const { columns } of halves.blocks([new Uint8Array(8)])) {
      expectTypeOf(columns).toEqualTypeOf<ColumnsU32>();
    }
  });
});

describe("compile refuses", () => {
  it.each<[sentence: string, backend: unknown]>([
    [
      "x86_64 is an architecture: call .for({ release }) first, for one of its kernels",
      archs.find(({ name }) => name === "x86_64"),
    ],
    ["compile takes a backend, as arch.for({ release }) gives it, not undefined", undefined],
    ["compile takes a backend, as arch.for({ release }) gives it, not a Object", {}],
    ["compile takes a backend, as arch.for({ release }) gives it, not number 5", 5],
  ])("%s", async (sentence, backend) => {
    await expect(compile(backend as never)).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
      message: sentence,
    });
    await expect(compileSweep(backend as never)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  });

  it("options that are none", async () => {
    await expect(compile(x86, null as never)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
    await expect(compile(x86, { offset: "u32" } as never)).rejects.toMatchObject({ code: "UNKNOWN_OPTION" });
  });
});
