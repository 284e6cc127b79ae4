import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { comparedRows, differences } from "./compare.ts";
import type { Ask, Lists, Row } from "./format.ts";
import { inputsOf, makeInputs } from "./inputs.ts";
import { rowsOf, vectorFile, vectorText } from "./rows.ts";

const directory = new URL("../../packages/arch/arm64/vectors/", import.meta.url);
// Those that `npm run vectors` makes, as their method says; others came from trees that it cannot compile.
const committed = readdirSync(directory)
  .map((name): [name: string, text: string] => [name, readFileSync(new URL(name, directory), "utf8")])
  .filter(([, text]) =>
    JSON.parse(text).method.startsWith("the kernel's headers compiled with its own flags"),
  );

test("most of them are its own", () => {
  expect(committed.length).toBeGreaterThan(7);
});

/** A kernel that answers from a committed file: what it was asked there, it says here. */
function replay(file: Lists): Ask {
  const say = new Map<string, Row>();
  for (const { type, offset, ...answer } of [...file.encode, ...file.encodeOverflow])
    say.set(` e ${type} ${offset}`, answer);
  for (const { bits, ...answer } of file.markers ?? []) say.set(` m ${bits}`, answer);
  for (const { kind, pfn, cpu, ...answer } of file.special ?? [])
    say.set(`${cpu ?? ""} s ${kind} ${pfn}`, answer);
  for (const { pte, ...answer } of file.decode) say.set(` d ${pte}`, answer);
  return (questions, cpu = "") => questions.map((question) => say.get(`${cpu} ${question}`) ?? null);
}

describe.each(committed)("%s", (_, text) => {
  const file = JSON.parse(text);

  test("is written as it is committed, byte for byte", () => {
    expect(vectorText(file)).toBe(text);
  });

  test("its rows come back when a kernel gives its answers to its questions", () => {
    const { encode, encodeOverflow, markers, special, decode } = file;
    expect(rowsOf(inputsOf(file), replay(file))).toEqual({
      encode,
      encodeOverflow,
      ...(markers && { markers }),
      special,
      decode,
    });
  });

  test("differs from itself in nothing, and in one sentence where one answer is another", () => {
    expect(differences(file, file)).toEqual([]);
    expect(comparedRows(file)).toBeGreaterThan(700);
    const changed = structuredClone(file);
    changed.decode[2].none = true;
    changed.masks.exclusive = "0x1";
    delete changed.constants.MAX_SWAPFILES;
    expect(differences(changed, file)).toEqual([
      `masks: ${JSON.stringify(changed.masks)} here, ${JSON.stringify(file.masks)} there`,
      `MAX_SWAPFILES: absent here, ${file.constants.MAX_SWAPFILES} there`,
      "decode[2].none: true here, false there",
    ]);
  });
});

describe("a file of the shorter form, without special rows", () => {
  const known = {
    config: { CONFIG_SWAP: "y" },
    constants: {},
    maxType: 31,
    encode: [{ type: 0, offset: "0x1", pte: "0x100" }],
    encodeOverflow: [],
    decode: [{ pte: "0x2", none: false, present: true }],
  };
  const fresh = {
    ...known,
    config: { CONFIG_SWAP: "y", CONFIG_SPARSEMEM: "y" },
    masks: { exclusive: "0x80" },
    markers: [{ bits: "0x0", pte: "0x7c" }],
    special: [{ kind: "hwpoison", pfn: "0x0", pte: "0x1" }],
    encode: [{ type: 0, offset: "0x1", pte: "0x100", swpEntry: "0x1" }],
  };

  test("is held to what it says, and to nothing else", () => {
    expect(differences(fresh, known)).toEqual([]);
    expect(differences({ ...fresh, maxType: 30 }, known)).toEqual(["maxType: 30 here, 31 there"]);
    expect(differences({ ...fresh, maxType: 63 }, known)).toEqual([]);
    expect(differences(fresh, { ...known, maxType: 30 })).toEqual(["maxType: 31 here, 30 there"]);
    expect(differences({ ...fresh, decode: [] }, known)).toEqual(["decode: 0 rows here, 1 there"]);
  });

  test("asks for no marker it does not have, and for no special entry", () => {
    expect(inputsOf(known).special).toEqual([]);
  });
});

describe("questions made from a seed", () => {
  const head = {
    pteBits: 32,
    longBits: 32,
    maxType: 31,
    maxOffset: "0xffffff",
    presentMask: "0x1",
    constants: { SWP_PFN_BITS: "0x14" },
  };
  const made = makeInputs({ head, seed: 1n });

  test("are the same for the same seed, and others for another", () => {
    expect(makeInputs({ head, seed: 1n })).toEqual(made);
    expect(makeInputs({ head, seed: 2n }).decode).not.toEqual(made.decode);
  });

  test("reach every type with no offset and with the largest, and every bit of the word", () => {
    for (let type = 0; type < 32; type++) {
      expect(made.encode).toContainEqual({ type, offset: 0n });
      expect(made.encode).toContainEqual({ type, offset: 0xffffffn });
    }
    for (let bit = 0n; bit < 32n; bit++) expect(made.decode).toContain(1n << bit);
  });

  test("stay in the fields, but for the offsets that are to overflow", () => {
    expect(made.encode.filter(({ offset }) => offset > 0xffffffn)).toEqual([]);
    expect(made.encodeOverflow.filter(({ offset }) => offset <= 0xffffffn)).toEqual([]);
    expect(made.special.filter(({ pfn }) => pfn > 0xfffffn)).toEqual([]);
    expect(made.decode.filter((pte) => pte > 0xffffffffn)).toEqual([]);
  });

  test("on another cpu ask for special entries alone", () => {
    const wide = makeInputs({ head, cpus: ["la57"], seed: 1n });
    expect(wide.special.filter(({ cpu }) => cpu === "la57")).toHaveLength(40);
    expect({ ...wide, special: [] }).toEqual({ ...made, special: [] });
  });
});

describe("a vector file", () => {
  const rows = { encode: [], encodeOverflow: [], decode: [] };
  const words = { longBits: 64, maxType: 31, maxOffset: "0x1", presentMask: "0x1" };
  const made = {
    ...{ arch: "x", variant: "v", release: "6.12", config: {}, compiler: "cc", source: "s", rows },
    head: { pteBits: 64, constants: {}, ...words },
  };

  test("leaves out constants that a JSON number cannot hold", () => {
    const head = { pteBits: 64, constants: { PAGE_SHIFT: "0xc", SWP_OFFSET_MASK: "0x3ffffffffffffff" } };
    const file = vectorFile({ ...made, head: { ...made.head, ...head } });
    expect(file.constants).toEqual({ PAGE_SHIFT: 12 });
    expect(file.format).toBe("ptekit-vectors/1");
  });
});
