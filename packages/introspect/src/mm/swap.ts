// Swap devices: what swap_info has.
import type { Types } from "../btf/types.ts";
import { latin1 } from "../text.ts";
import type { KernelMemory } from "../virtual.ts";
import { structOf } from "./fields.ts";

/** A swap device or file that was in use. */
export interface SwapDevice {
  /** The swap type of its entries. */
  readonly type: number;
  /** Slots, the first one (its header) among them: offsets below this can be used. */
  readonly max: number;
  /** Slots that can hold a page. */
  readonly pages: number;
  readonly priority: number;
  /** Whether new pages went to it (SWP_WRITEOK). */
  readonly writable: boolean;
  /** The kernel's address of its `swap_map`, a byte a slot that counts who uses it; null in kernels that have none. */
  readonly map: bigint | null;
  /** The last part of its path; null where that is not in the dump. A stranger's bytes. */
  readonly name: string | null;
}

/** The most types that a PTE can name. */
export const MAX_SWAPFILES = 32;
/** Of include/linux/swap.h. */
const SWP_USED = 1;
const SWP_WRITEOK = 2;

/** The devices in use, by type, or a sentence that says what is missing. */
export function readSwapDevices(
  kernel: KernelMemory,
  types: Types,
  swapInfo: bigint,
): readonly SwapDevice[] | string {
  const struct = structOf<"flags" | "prio" | "type" | "max" | "pages" | "file" | "map">(
    kernel,
    types,
    "swap_info_struct",
    {
      flags: ["flags"],
      prio: ["prio"],
      type: ["type"],
      max: ["max"],
      pages: ["pages"],
      file: ["swap_file"],
      map: ["swap_map"],
    },
    ["file", "map"],
  );
  if (typeof struct === "string") return struct;
  const nameOf = fileNames(kernel, types);
  const devices: SwapDevice[] = [];
  for (let type = 0; type < MAX_SWAPFILES; type++) {
    const address = kernel.word(swapInfo + BigInt(type * (kernel.bits / 8)));
    if (address === null) return "swap_info is not in the dump";
    // Types are given out in order, and a device that was taken away leaves its place.
    if (address === 0n) break;
    const values = struct.read(address);
    if (typeof values === "string") return `the swap device of type ${type} is not in the dump`;
    if ((values.int("type") & 0xff) !== type) break;
    const flags = values.int("flags");
    if ((flags & SWP_USED) === 0) continue;
    const file = values.big("file");
    devices.push({
      type,
      max: values.int("max") >>> 0,
      pages: values.int("pages") >>> 0,
      priority: (values.int("prio") << 16) >> 16,
      writable: (flags & SWP_WRITEOK) !== 0,
      map: values.big("map") || null,
      name: file === 0n ? null : nameOf(file),
    });
  }
  return devices;
}

/** Of include/linux/swap.h: a slot that only the swap cache has. */
const SWAP_HAS_CACHE = 0x40;
const BLOCK = 4096;
const MOST_BLOCKS = 1024;

/** How many users a slot has by its device's swap_map, a block of it at a time; null where that is not in the dump. */
export function slotReader(kernel: KernelMemory): (device: SwapDevice, offset: number) => number | null {
  const readers = new Map<bigint, (offset: number) => number | null>();
  return ({ map }, offset) => {
    if (map === null) return null;
    let reader = readers.get(map);
    if (reader === undefined) {
      reader = bytesFrom(kernel, map);
      readers.set(map, reader);
    }
    const byte = reader(offset);
    return byte === null ? null : byte & ~SWAP_HAS_CACHE;
  };
}

/** Single bytes of what begins at an address, by blocks that begin at multiples of their size. */
function bytesFrom(kernel: KernelMemory, address: bigint): (offset: number) => number | null {
  const before = Number(address % BigInt(BLOCK));
  const kept = new Map<number, Uint8Array | null>();
  return (offset) => {
    const number = Math.floor((before + offset) / BLOCK);
    let block = kept.get(number);
    if (block === undefined) {
      if (kept.size >= MOST_BLOCKS) kept.clear();
      const into = new Uint8Array(BLOCK);
      const start = address + BigInt(number * BLOCK - before);
      block = kernel.read(start, into) === "read" ? into : null;
      kept.set(number, block);
    }
    return block === null ? null : (block[(before + offset) % BLOCK] as number);
  };
}

/** The name of an open file's last path element. */
export function fileNames(kernel: KernelMemory, types: Types): (file: bigint) => string | null {
  const files = structOf(kernel, types, "file", { dentry: ["f_path.dentry", "__f_path.dentry"] });
  const dentries = structOf(kernel, types, "dentry", { name: ["d_name.name", "__d_name.name"] });
  if (typeof files === "string" || typeof dentries === "string") return () => null;
  const bytes = new Uint8Array(256);
  return (file) => {
    const dentry = files.read(file);
    if (typeof dentry === "string") return null;
    const name = dentries.read(dentry.big("dentry"));
    if (typeof name === "string") return null;
    const at = name.big("name");
    // A name ends long before most pages do: as much of it as there is.
    for (const length of [256, 64, 16, 4])
      if (kernel.read(at, bytes.subarray(0, length)) === "read") return latin1(bytes.subarray(0, length));
    return null;
  };
}
