import { mapsKernel, PtekitError, rootInRegister, walk } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { entry, memoryOf, TREE, wide, wideArch, withGeometry } from "./tables.ts";

const { read } = memoryOf(TREE);
const PTES = 0x20_0000n;
const at = (address: bigint) => walk(wide, 0x1000n, address, read);

describe("walk", () => {
  it("comes to a present PTE and to the byte in memory, over every level", () => {
    const found = at(PTES + 0x5abcn);
    expect(found.end).toBe("present");
    expect(found.physical).toBe(0x77abcn);
    expect(found.span).toBe(0x1000n);
    expect(found.path.map(({ level, table, index, kind }) => ({ level, table, index, kind }))).toEqual([
      { level: "pgd", table: 0x1000n, index: 0, kind: "table" },
      { level: "pmd", table: 0x2000n, index: 1, kind: "table" },
      { level: "pte", table: 0x3000n, index: 5, kind: "present" },
    ]);
    expect(found.path.at(-1)?.at).toBe(0x3028n);
    expect(found.path.at(-1)?.decoded?.kind).toBe("present");
  });

  it("decodes a swap entry at the level where it stands", () => {
    const pte = at(PTES + 0x6000n);
    expect(pte.end).toBe("not-present");
    expect(pte.path.at(-1)?.decoded).toMatchObject({ kind: "swap", type: 2, offset: 0x55n });
    const pmd = at(0x60_0000n);
    expect(pmd.end).toBe("not-present");
    expect(pmd.path).toHaveLength(2);
    expect(pmd.path.at(-1)?.decoded).toMatchObject({
      kind: "swap",
      type: 3,
      offset: 0x1234n,
      layout: "wide 6.3 PMD",
    });
    expect(pmd.sentence).toBe("the pmd entry is not present: swap");
  });

  it("ends at a page of an upper level, with the address below it", () => {
    const found = at(0x41_2345n);
    expect(found.end).toBe("present");
    expect(found.path.at(-1)?.level).toBe("pmd");
    expect(found.physical).toBe(0x41_2345n);
    expect(found.span).toBe(0x20_0000n);
  });

  it("ends with none at an empty entry, of PTEs and above", () => {
    expect(at(PTES).end).toBe("none");
    expect(at(0x4000_0000n)).toMatchObject({ end: "none", span: 0x4000_0000n, physical: null });
  });

  it("names the levels that are folded into another, and reads nothing for them", () => {
    let reads = 0;
    const found = walk(wide, 0x1000n, PTES, (address, into) => {
      reads++;
      return read(address, into);
    });
    expect(found.path.map(({ level, folded }) => [level, folded])).toEqual([
      ["pgd", ["p4d", "pud"]],
      ["pmd", []],
      ["pte", []],
    ]);
    expect(reads).toBe(3);
  });

  it("says which addresses the tables do not translate", () => {
    expect(at(0x80_0000_0000n).end).toBe("outside");
    expect(at(0x1_0000_0000_0000_0000n).end).toBe("outside");
    expect(at(0xffff_ffff_ffff_f000n).end).toBe("none");
    const extended = withGeometry({ signExtended: true });
    expect(walk(extended, 0x1000n, 0x40_0000_0000n, read).end).toBe("outside");
    expect(walk(extended, 0x1000n, 0xffff_ff80_0000_0000n, read).end).toBe("outside");
    expect(walk(extended, 0x1000n, 0xffff_ffc0_0000_0000n, read).end).toBe("none");
    expect(walk(extended, 0x1000n, 0x3f_ffff_f000n, read).end).toBe("none");
    const tagged = withGeometry({ tagBits: 8 });
    expect(walk(tagged, 0x1000n, 0xb400_0000_0020_5abcn, read).physical).toBe(0x77abcn);
    expect(walk(tagged, 0x1000n, 0xb480_0000_0020_5abcn, read).end).toBe("outside");
  });

  it("ends in a value where memory is not there, and says why", () => {
    const lost = walk(wide, 0x1000n, PTES, (address, into) =>
      address < 0x3000n ? read(address, into) : "excluded",
    );
    expect(lost.end).toBe("unreadable");
    expect(lost.path).toHaveLength(2);
    expect(lost.sentence).toBe("the pte entry would be at 0x3000, and that memory is not there (excluded)");
    expect(walk(wide, 0x10_0000n, 0n, read).end).toBe("unreadable");
  });

  it("ends in a value where a table leads back to itself", () => {
    const self = memoryOf(new Map([[0x1000n, 0x1001n]]));
    const found = walk(wide, 0x1000n, 0n, self.read);
    expect(found.end).toBe("cycle");
    expect(found.sentence).toBe("the pgd entry leads back to the table at 0x1000");
  });

  it("calls an upper entry bad that is neither none, table, page nor any entry of its level", () => {
    const odd = memoryOf(new Map([[0x1000n, 0x2002n]]));
    expect(walk(wide, 0x1000n, 0n, odd.read)).toMatchObject({ end: "bad", physical: null });
  });

  it("takes the encryption bit out of addresses, and nothing out of a swap entry", () => {
    const c = 1n << 47n;
    const encrypted = memoryOf(
      new Map([...TREE].map(([address, word]) => [address, word & 1n ? word | c : word])),
    );
    const with47 = (address: bigint, smeMask: bigint) =>
      walk(wide, 0x1000n, address, encrypted.read, { smeMask });
    expect(with47(PTES + 0x5abcn, 0n).end).toBe("unreadable");
    expect(with47(PTES + 0x5abcn, c)).toMatchObject({ end: "present", physical: 0x77abcn });
    expect(with47(PTES + 0x6000n, c).path.at(-1)?.decoded).toMatchObject({ offset: 0x55n });
    expect(with47(0x41_2345n, c).physical).toBe(0x41_2345n);
  });

  it("reads tables that are named by the kernel's virtual addresses", () => {
    const linear = withGeometry({
      levels: [
        { name: "pgd", shift: 30, indexBits: 9, entry: { ...entry, linear: 0x10_0000n } },
        { name: "pmd", shift: 21, indexBits: 9, entry },
        { name: "pte", shift: 12, indexBits: 9 },
      ],
    });
    const memory = memoryOf(new Map([...TREE, [0x1000n, 0x10_2001n]]));
    expect(walk(linear, 0x1000n, PTES + 0x5abcn, memory.read).physical).toBe(0x77abcn);
    expect(walk(linear, 0x1000n, PTES, memory.read, { linear: 0x20_0000n }).end).toBe("unreadable");
  });

  it("takes the lower levels of deeper tables where it is told how many there are", () => {
    const deep = wideArch().for({ release: "6.12", cpu: "deep" });
    expect(deep.geometry?.levels.map(({ name }) => name)).toEqual(["pgd", "pud", "pmd", "pte"]);
    expect(walk(deep, 0x1000n, PTES + 0x5abcn, read, { levels: 3 }).physical).toBe(0x77abcn);
    expect(walk(deep, 0x1000n, PTES + 0x5abcn, read).end).not.toBe("present");
  });

  it("names the defaults that chose the tables, and none that were given", () => {
    expect(at(PTES).assumed).toEqual(["cpu without deep (not given)"]);
    expect(walk(wideArch().for({ release: "6.12", cpu: "deep" }), 0x1000n, 0n, read).assumed).toEqual([]);
    expect(wide.assumed.filter((sentence) => sentence.includes("deep"))).toEqual([]);
  });

  it("refuses what cannot be a root, an address or an option", () => {
    const code = (work: () => unknown): string | undefined => {
      try {
        work();
        return undefined;
      } catch (error) {
        return error instanceof PtekitError ? error.code : "not a PtekitError";
      }
    };
    expect(code(() => walk(wide, 0x1008n, 0n, read))).toBe("BAD_ARGUMENT");
    expect(code(() => walk(wide, -4096n, 0n, read))).toBe("BAD_ARGUMENT");
    expect(code(() => walk(wide, 0x1000n, -1n, read))).toBe("BAD_ARGUMENT");
    expect(code(() => walk(wide, 0x1000n, 0n, read, { levels: 9 }))).toBe("BAD_ARGUMENT");
    expect(code(() => walk(wide, 0x1000n, 0n, read, { level: 9 } as object))).toBe("UNKNOWN_OPTION");
    expect(code(() => walk(wideArch({ geometry: [] }).for({ release: "6.12" }), 0n, 0n, read))).toBe(
      "NO_GEOMETRY",
    );
  });
});

describe("mapsKernel", () => {
  const kernelImage = 0xffff_ffff_8000_0000n;
  const root = { align: 4096, userEntries: 256, kernelImage };
  const three = withGeometry({ root });
  // The upper half of the root: a table below entry 510, in which the image is a page somewhere.
  const image = memoryOf(new Map([...TREE, [0x1000n + 8n * 510n, 0x4001n], [0x4000n + 8n * 9n, 0x80_0003n]]));

  it("is whether the root leads to a table of pages where the kernel's image is", () => {
    expect(mapsKernel(three, 0x1000n, image.read)).toBe(true);
    expect(mapsKernel(three, 0x1000n, read)).toBe(false);
    expect(mapsKernel(three, 0x1000n, image.read, { levels: 2 })).toBe(false);
    expect(mapsKernel(wide, 0x1000n, image.read)).toBeNull();
  });
});

describe("rootInRegister", () => {
  it("is the address in it, without the other bits; null where no register is known", () => {
    const register = { name: "satp", address: [{ high: 43, low: 0, to: 12 }] };
    const { geometry } = withGeometry({ root: { align: 4096, register } });
    expect(geometry && rootInRegister(geometry, 0x9000_0000_0000_1234n)).toBe(0x123_4000n);
    expect(wide.geometry && rootInRegister(wide.geometry, 1n)).toBeNull();
  });
});
