// swap_info in a kernel without data symbols: an array of pointers, found by what they lead to.
import { expect, test } from "vitest";
import type { Types } from "../src/btf/types.ts";
import { findSwapInfo } from "../src/mm/search.ts";
import { readSwapDevices } from "../src/mm/swap.ts";
import { memoryAt } from "./kernel.ts";

const START = 0xffff_ffff_8000_0000n;
const [DEVICES, FILE, DENTRY, NAME] = [0x2_0000, 0x3_0000, 0x3_8000, 0x4_0000];

/** Members as offset and size; where they stand in a kernel does not matter here. */
const LAYOUT: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  swap_info_struct: {
    flags: [0, 8],
    prio: [8, 2],
    type: [16, 1],
    max: [20, 4],
    pages: [24, 4],
    swap_file: [32, 8],
  },
  file: { "f_path.dentry": [0, 8] },
  dentry: { "d_name.name": [0, 8] },
};
const types: Types = {
  count: 3,
  size: (struct) => (struct in LAYOUT ? 64 : null),
  member(struct, path) {
    const [offset, size] = LAYOUT[struct]?.[path] ?? [];
    return offset === undefined || size === undefined ? null : { offset, size, elements: null };
  },
};

const address = (offset: number): bigint => START + BigInt(offset);
const deviceAt = (type: number): number => DEVICES + 0x800 * type;

/** An image with so many swap devices, and pointers to them in rows, each ended by a null pointer. */
function imageWith(devices: number, rows: Readonly<Record<number, readonly number[]>>) {
  const bytes = new Uint8Array(0x9_0000);
  const view = new DataView(bytes.buffer);
  for (let type = 0; type < devices; type++) {
    const at = deviceAt(type);
    view.setBigUint64(at, 3n, true);
    view.setUint8(at + 16, type);
    view.setUint32(at + 20, 100, true);
    view.setUint32(at + 24, 99, true);
    view.setBigUint64(at + 32, address(FILE), true);
  }
  view.setBigUint64(FILE, address(DENTRY), true);
  view.setBigUint64(DENTRY, address(NAME), true);
  bytes.set(new TextEncoder().encode("vdb"), NAME);
  for (const [at, row] of Object.entries(rows))
    row.forEach((type, i) => void view.setBigUint64(Number(at) + 8 * i, address(deviceAt(type)), true));
  return memoryAt([[START, bytes]]);
}

test.each([
  ["alone", { 327680: [0, 1] }, 0x5_0000],
  ["behind a pointer to the first device alone", { 4096: [0], 327680: [0, 1] }, 0x5_0000],
  ["before one", { 327680: [0, 1], 393216: [0] }, 0x5_0000],
  [
    "behind the first device again and again, as a list by order has it",
    { 4096: [0, 0, 0], 327680: [0, 1] },
    0x5_0000,
  ],
  ["in a later piece of the image", { 4096: [0], 557056: [0, 1] }, 0x8_8000],
])("the array of two devices is found %s", (_, rows, wanted) => {
  const kernel = imageWith(2, rows);
  const found = findSwapInfo(kernel, types, { start: START, data: null });
  expect(found).toBe(address(wanted));
  const devices = readSwapDevices(kernel, types, found as bigint);
  expect(devices).toMatchObject([
    { type: 0, name: "vdb", max: 100, pages: 99 },
    { type: 1, name: "vdb" },
  ]);
});

test("one device is found, and nothing where there is none", () => {
  const image = { start: START, data: null };
  expect(findSwapInfo(imageWith(1, { 327680: [0] }), types, image)).toBe(address(0x5_0000));
  expect(findSwapInfo(imageWith(1, {}), types, image)).toBeNull();
});
