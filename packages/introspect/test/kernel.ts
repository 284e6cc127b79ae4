// Kernel memory for tests: bytes at an address, and nothing elsewhere.
import type { KernelMemory } from "../src/virtual.ts";

export function memoryAt(
  pieces: readonly (readonly [bigint, Uint8Array])[],
  { bits = 64, little = true }: { bits?: 32 | 64; little?: boolean } = {},
): KernelMemory {
  const read: KernelMemory["read"] = (address, into) => {
    for (const [start, bytes] of pieces) {
      if (address < start || address + BigInt(into.length) > start + BigInt(bytes.length)) continue;
      const at = Number(address - start);
      into.set(bytes.subarray(at, at + into.length));
      return "read";
    }
    return "unmapped";
  };
  const view = new DataView(new ArrayBuffer(8));
  const bytes = new Uint8Array(view.buffer);
  return {
    bits,
    little,
    physical: (address) => address,
    read,
    word: (address) => {
      if (read(address, bytes.subarray(0, bits / 8)) !== "read") return null;
      return bits === 64 ? view.getBigUint64(0, little) : BigInt(view.getUint32(0, little));
    },
    u32: (address) => (read(address, bytes.subarray(0, 4)) === "read" ? view.getUint32(0, little) : null),
  };
}
