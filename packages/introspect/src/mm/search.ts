// init_task and swap_info in kernels whose kallsyms has no data symbols (no CONFIG_KALLSYMS_ALL).
import type { Types } from "../btf/types.ts";
import { imagePieces, type Piece } from "../image.ts";
import { bytesOf } from "../text.ts";
import type { KernelMemory } from "../virtual.ts";
import { structOf } from "./fields.ts";
import { fileNames, MAX_SWAPFILES } from "./swap.ts";

/** Where to look: from some data on, and then, where that was in vain, in all of the image. */
export interface Image {
  readonly start: bigint;
  /** A variable of the kernel's, or null: data lies around it, and text does not. */
  readonly data: bigint | null;
}

/** The flags of include/linux/swap.h; the highest is 1 << 14. */
const MOST_FLAGS = 0x7fff;
const BEFORE_DATA = 2n ** 22n;

function* dataPieces(kernel: KernelMemory, { start, data }: Image): Generator<Piece, void, undefined> {
  const near = data === null || data - BEFORE_DATA <= start ? start : data - BEFORE_DATA;
  yield* imagePieces(kernel, near);
  if (near > start) yield* imagePieces(kernel, start, Number(near - start));
}

/** The task that a kernel begins with: "swapper", pid 0, no memory of its own, in a list of tasks that leads back to it. */
export function findInitTask(kernel: KernelMemory, types: Types, image: Image): bigint | null {
  const struct = structOf(kernel, types, "task_struct", {
    next: ["tasks.next"],
    pid: ["pid"],
    comm: ["comm"],
    mm: ["mm"],
  });
  if (typeof struct === "string") return null;
  const link = BigInt(struct.member("next")?.offset ?? 0);
  const comm = BigInt(struct.member("comm")?.offset ?? 0);
  const word = BigInt(kernel.bits / 8);
  const name = bytesOf("swapper");
  for (const { address, bytes, own } of dataPieces(kernel, image)) {
    for (let at = bytes.indexOf(0x73); at >= 0 && at < own; at = bytes.indexOf(0x73, at + 1)) {
      if (bytes[at + 1] !== 0x77 || !name.every((byte, i) => bytes[at + i] === byte)) continue;
      const task = address + BigInt(at) - comm;
      const values = struct.read(task);
      if (typeof values === "string" || values.int("pid") !== 0 || values.big("mm") !== 0n) continue;
      const next = values.big("next");
      // A list_head is { next, prev }: the next one's prev is ours.
      if (next !== task + link && kernel.word(next + word) === task + link) return task;
    }
  }
  return null;
}

/**
 * The array of swap devices: pointers, the i-th to a struct of type i whose numbers fit together. Of several places the one
 * with the most devices: a pointer to the first device alone stands elsewhere too. Null where nothing looks like one, as on
 * a machine without swap.
 */
export function findSwapInfo(kernel: KernelMemory, types: Types, image: Image): bigint | null {
  const struct = structOf(kernel, types, "swap_info_struct", {
    flags: ["flags"],
    type: ["type"],
    max: ["max"],
    pages: ["pages"],
    file: ["swap_file"],
  });
  if (typeof struct === "string" || kernel.bits !== 64) return null;
  const nameOf = fileNames(kernel, types);
  const refused = new Set<bigint>();
  /** Whether a pointer leads to the device of that type. */
  const isDevice = (pointer: bigint, type: number): boolean => {
    const values = struct.read(pointer);
    if (typeof values === "string" || (values.int("type") & 0xff) !== type) return false;
    const flags = values.int("flags");
    const [max, pages] = [values.int("max") >>> 0, values.int("pages") >>> 0];
    // One that was taken away has no flags left; SWP_USED is the lowest bit.
    if (flags === 0) return type > 0;
    const file = values.big("file");
    const fits = (flags & 1) === 1 && flags <= MOST_FLAGS && max > 1 && pages > 0 && pages < max;
    return fits && isKernels(file) && /^[!-~]+$/.test(nameOf(file) ?? "");
  };
  let most = 0;
  let found: bigint | null = null;
  /** How many devices an array has, or 0 where something else follows them. */
  const devicesFrom = (array: bigint): number => {
    for (let type = 0; type < MAX_SWAPFILES; type++) {
      const pointer = kernel.word(array + BigInt(8 * type));
      if (pointer === 0n) return type;
      if (pointer === null || !isDevice(pointer, type)) return 0;
    }
    return MAX_SWAPFILES;
  };
  for (const { address, bytes, own } of dataPieces(kernel, image)) {
    // Data is looked at as a whole; what lies before it only where there was nothing.
    if (found !== null && address < found) break;
    const view = new DataView(bytes.buffer);
    const high = kernel.little ? 4 : 0;
    for (let at = 0; at < own; at += 8) {
      // Cheap first: a pointer of the kernel's half, to what an allocator of some hundred bytes gives.
      if (view.getUint32(at + high, kernel.little) < 0xff00_0000) continue;
      if ((view.getUint8(at + (kernel.little ? 0 : 7)) & 31) !== 0) continue;
      const pointer = view.getBigUint64(at, kernel.little);
      if (refused.has(pointer)) continue;
      if (!isDevice(pointer, 0)) {
        if (refused.size < 2 ** 20) refused.add(pointer);
        continue;
      }
      const devices = devicesFrom(address + BigInt(at));
      if (devices > most) [most, found] = [devices, address + BigInt(at)];
    }
  }
  return found;
}

/** Kernel addresses have their upper bits set on every 64-bit architecture with dumps. */
const isKernels = (pointer: bigint): boolean => pointer >> 56n === 0xffn;
