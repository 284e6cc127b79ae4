import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findBtf } from "../src/btf/search.ts";
import { readBtf } from "../src/btf/types.ts";
import { memoryAt } from "./kernel.ts";

const here = (name: string): Uint8Array =>
  new Uint8Array(fs.readFileSync(fileURLToPath(new URL(`btf/${name}`, import.meta.url))));
/** Offset and size of each member, as the compiler itself says (btf/structs.c). */
const answers: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = JSON.parse(
  new TextDecoder().decode(here("answers.json")),
);

const WANTED = ["task_struct", "mm_struct"];
const typesOf = (machine: string, blob = here(`${machine}.btf`)) =>
  readBtf(blob, WANTED, machine === "arm" ? 4 : 8);

describe.each(Object.keys(answers))("types of gcc for %s", (machine) => {
  const types = typesOf(machine);
  const said = Object.entries(answers[machine] as Readonly<Record<string, readonly [number, number]>>);

  test.each(said.filter(([name]) => name.includes(" ")))(
    "%s stands where the compiler put it",
    (name, answer) => {
      const [struct, path] = name.split(" ") as [string, string];
      const member = types.member(struct, path);
      expect([member?.offset, member?.size]).toEqual(answer);
    },
  );

  test("structs have their size", () => {
    for (const struct of WANTED) expect(types.size(struct)).toBe(answers[machine]?.[struct]?.[1]);
  });

  test("arrays have their elements, and what there is not is null", () => {
    expect(types.member("task_struct", "slot")?.elements).toBe(16);
    expect(types.member("task_struct", "trees")?.elements).toBe(3);
    expect(types.member("task_struct", "last")?.elements).toBeNull();
    for (const path of ["nothing", "last.more", "tasks.nothing", "slot.x", "other", ""])
      expect(types.member("task_struct", path), path).toBeNull();
    expect([types.size("nothing"), types.member("nothing", "first")]).toEqual([null, null]);
  });
});

test("what is no BTF is refused by code", () => {
  const whole = here("x86_64.btf");
  const changed = (at: number, value: number): Uint8Array => {
    const copy = whole.slice();
    copy[at] = value;
    return copy;
  };
  const bad = [
    new Uint8Array(0),
    whole.subarray(0, 20),
    whole.subarray(0, 200),
    changed(0, 0),
    changed(2, 2),
    changed(4, 1),
    changed(14, 255),
  ];
  for (const blob of bad)
    expect(() => typesOf("x86_64", blob)).toThrow(expect.objectContaining({ code: "BAD_FILE" }));
  // A kind that is not known cannot be stepped over.
  expect(() => typesOf("x86_64", changed(24 + 7, 31))).toThrow(/kind 31/);
});

test("types that refer to each other in a circle end in null", () => {
  const whole = here("x86_64.btf");
  const view = new DataView(whole.buffer);
  for (let at = 24; at < 24 + view.getUint32(12, true); at += 4) {
    const copy = whole.slice();
    new DataView(copy.buffer).setUint32(at, 2, true);
    try {
      const types = typesOf("x86_64", copy);
      for (const path of ["vm_flags", "tasks.next", "trees", "f_path.dentry", "deeper"])
        types.member("task_struct", path);
    } catch (error) {
      expect((error as { code: string }).code).toBe("BAD_FILE");
    }
  }
});

test("a search of an image finds the largest types in it", () => {
  const image = new Uint8Array(0x200000);
  const large = here("x86_64.btf");
  const small = large.slice();
  new DataView(small.buffer).setUint32(20, 100, true);
  image.set(small, 0x1000);
  image.set(large, 0x90003);
  image.set([0x9f, 0xeb, 1, 0, 1, 2, 3], 0x80);
  const start = 0xffff_ffff_8100_0000n;
  expect(findBtf(memoryAt([[start, image]]), start)).toEqual({
    address: start + 0x90003n,
    length: large.length,
  });
  expect(findBtf(memoryAt([[start, image.subarray(0, 0x1000)]]), start)).toBeNull();
});
