import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { compile, createColumns } from "@ptekit/bulk";
import { decodeFile, fileBlocks, findInFile } from "@ptekit/bulk/node";
import type { ArchBackend } from "@ptekit/core";
import { createBackend, equals, PtekitError, swpOffset, swpType } from "@ptekit/core";
import { afterAll, describe, expect, it, vi } from "vitest";
import { architectures } from "./backends.ts";

vi.setConfig({ testTimeout: 60_000 });

// What once broke, by the numbers under which it was reported, each as a kind.

const arch = (await architectures()).find(({ name }) => name === "x86_64");
if (!arch) throw new Error("x86_64 is missing");
const backend = arch.for({ release: "6.14" });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-robust-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PtekitError) return String(error);
    throw error;
  }
  throw new Error("nothing was refused");
}

const sparse = (name: string, size: number): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, "");
  fs.truncateSync(file, size);
  return file;
};

describe("5: the bytes that are read", () => {
  it("a descriptor is read from where it stands, in a file too", async () => {
    const file = path.join(folder, "four");
    fs.writeFileSync(file, new Uint8Array(4 * 8));
    const fd = fs.openSync(file, "r");
    fs.readSync(fd, new Uint8Array(24), 0, 24, null);
    expect((await decodeFile(fd, { backend })).total).toBe(1);
    fs.closeSync(fd);
  });

  it("a file of /proc, which says that it has no bytes, is read to its end", async () => {
    const size = fs.readFileSync("/proc/self/auxv").length;
    expect((await decodeFile("/proc/self/auxv", { backend })).total).toBe(size / 8);
    expect(fs.statSync("/proc/self/auxv").size).toBe(0);
  });
});

describe("8: the census reads each half of a PTE that a marker needs", () => {
  // The type and the predicates look at the upper half alone; a marker's bits stand in the lower.
  it.each([
    ["the lower", [swpType(63, 59), swpOffset(58, 0)]],
    ["the upper", [swpOffset(63, 32), swpType(31, 27), swpOffset(26, 0, 32)]],
  ])("%s", async (_, fields) => {
    const { arch: name, present, types, kernel, layout } = backend;
    const made: ArchBackend = createBackend({
      arch: name,
      present,
      types,
      kernel,
      assumptions: [],
      layout: {
        ...layout,
        fields,
        present: equals(1n << 63n, 1n << 63n),
        none: equals(0xffff_ffff_0000_0000n, 0n),
        exceptions: [],
      },
    });
    const words = BigUint64Array.from({ length: 999 }, (_, i) =>
      BigInt.asUintN(64, BigInt(i) * 0x9e37_79b9_7f4a_7c15n),
    );
    const [simd, javascript] = await Promise.all(
      (["simd", "javascript"] as const).map((engine) => compile(made, { engine })),
    );
    expect(simd?.census(words)).toEqual(javascript?.census(words));
  });
});

describe("9: a file that changes its length while it is read", () => {
  const readers = {
    fileBlocks: async (file: string, onBlock: () => void): Promise<void> => {
      for await (const _ of fileBlocks(await compile(backend), file)) onBlock();
    },
    findInFile: async (file: string, onBlock: () => void): Promise<void> => {
      const decoder = await compile(backend);
      for await (const _ of findInFile(decoder, file, { kind: "present" }, { onProgress: onBlock })) break;
    },
  };
  const changes: Readonly<Record<string, (file: string) => void>> = {
    cut: (file) => fs.truncateSync(file, 2 ** 20),
    "cut inside a PTE": (file) => fs.truncateSync(file, 2 ** 20 + 3),
    grown: (file) => fs.truncateSync(file, 2 ** 23 + 16),
  };
  for (const [reader, read] of Object.entries(readers)) {
    for (const [what, change] of Object.entries(changes)) {
      it(`${reader}: ${what}`, async () => {
        const file = sparse(`${reader}-${what}`, 2 ** 23);
        expect(await refusal(() => read(file, () => change(file)))).toMatch(
          /^BAD_FILE: .* changed while it was read: 8388608 bytes at first/,
        );
      });
    }
  }
});

it.each([1, 4])("12: what onProgress throws rejects the promise, with %i workers", async (workers) => {
  const onProgress = (): void => {
    throw new Error("boo");
  };
  const file = sparse("progress", 2 ** 28);
  await expect(decodeFile(file, { backend, workers, onProgress })).rejects.toThrow("boo");
});

it.each(["simd", "javascript"] as const)(
  "21: a refused encode leaves `out` as it was (%s)",
  async (engine) => {
    const decoder = await compile(backend, { engine });
    const rows = 17_000;
    const columns = createColumns(rows, "u64");
    columns.kind.fill(2);
    columns.offset[rows - 1] = 1n << 60n;
    for (const out of [new BigUint64Array(rows).fill(7n), new Uint8Array(rows * 8).fill(7)]) {
      const before = out.slice();
      expect(await refusal(() => decoder.encode(columns, out))).toMatch(/^OFFSET_TOO_WIDE: row 16999/);
      expect(out).toEqual(before);
    }
  },
);

it("22: a predicate that is not understood is refused", async () => {
  const decoder = await compile(backend);
  const strange: readonly unknown[] = [
    { offset: { form: 5n } },
    { offset: "5-9" },
    { offset: [5n, 9n] },
    { offset: 1 },
    { offset: null },
    { offset: { from: null } },
    { kind: null },
    { type: null },
    [],
  ];
  for (const predicate of strange) {
    expect(await refusal(() => decoder.find(new Uint8Array(8), predicate as object))).toMatch(
      /^(BAD_ARGUMENT|UNKNOWN_OPTION): /,
    );
  }
});

it("23: options of decodeFile that are none are refused by a code", async () => {
  const file = sparse("options", 16);
  for (const options of [undefined, null, {}, { backend: {} }, 5, { backend, worker: 4 }]) {
    expect(await refusal(() => decodeFile(file, options as never))).toMatch(
      /^(BAD_ARGUMENT|UNKNOWN_OPTION): /,
    );
  }
});

describe.each(["simd", "javascript"] as const)("24: the %s engine", (engine) => {
  it("refuses memory that cannot be had", async () => {
    const decoder = await compile(backend, { engine });
    for (const ptes of [2 ** 31, 2 ** 40]) {
      expect(await refusal(() => decoder.memory(ptes))).toMatch(
        /^BAD_ARGUMENT: \d+ PTEs and their columns need/,
      );
    }
  });

  it("refuses arrays whose buffer was transferred", async () => {
    const decoder = await compile(backend, { engine });
    const words = new BigUint64Array(4);
    structuredClone(words.buffer, { transfer: [words.buffer] });
    expect(await refusal(() => decoder.decode(words))).toMatch(/^BAD_ARGUMENT: .* is detached/);
    expect(await refusal(() => decoder.decode(words.buffer))).toMatch(/^BAD_ARGUMENT: .* is detached/);
    expect(await refusal(() => decoder.find(words, {}))).toMatch(/^BAD_ARGUMENT/);
  });
});
