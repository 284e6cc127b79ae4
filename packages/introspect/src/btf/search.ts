// BTF where no symbol says where it is: by its header, in the kernel's image.
import { imagePieces } from "../image.ts";
import type { KernelMemory } from "../virtual.ts";
import { btfLength } from "./types.ts";

/** No kernel's types take more. */
export const MOST_BTF: number = 2 ** 26;
/** A kernel's own types take megabytes; a smaller blob may be that of a module or a test, and the largest is taken. */
const SURELY_THE_KERNELS = 2 ** 20;

/** Where a kernel's types are: the largest BTF in its image, or null. */
export function findBtf(kernel: KernelMemory, start: bigint): { address: bigint; length: number } | null {
  const [first, second] = kernel.little ? [0x9f, 0xeb] : [0xeb, 0x9f];
  let best: { address: bigint; length: number } | null = null;
  for (const { address, bytes, own } of imagePieces(kernel, start)) {
    for (
      let at = bytes.indexOf(first as number);
      at >= 0 && at < own;
      at = bytes.indexOf(first as number, at + 1)
    ) {
      if (bytes[at + 1] !== second || bytes[at + 2] !== 1) continue;
      const length = btfLength(bytes.subarray(at, at + 24));
      if (length === null || length > MOST_BTF || length <= (best?.length ?? 0)) continue;
      best = { address: address + BigInt(at), length };
      if (length >= SURELY_THE_KERNELS) return best;
    }
  }
  return best;
}
