import { PtekitError } from "@ptekit/core";
import { describe } from "./describe.ts";
import type { Plan, Stored } from "./plan.ts";

/** PTEs as numbers (Uint32Array or BigUint64Array, by the PTE's width), or as they lie in memory (bytes, any alignment). */
export type PteInput = Uint32Array | BigUint64Array | Uint8Array | DataView | ArrayBuffer;

/** The bytes of an input, and how the words lie in them. */
export interface Input {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly stored: Stored;
}

/**
 * The bytes of an input.
 *
 * @throws PtekitError `BAD_ARGUMENT` for another kind of array, or bytes that are not whole PTEs.
 */
export function inputOf(plan: Plan, ptes: PteInput): Input {
  const { id, pteBits } = plan.backend.layout;
  if (ptes instanceof Uint32Array || ptes instanceof BigUint64Array) {
    if (ptes.BYTES_PER_ELEMENT !== plan.pteBytes) {
      const wanted = pteBits === 32 ? "Uint32Array" : "BigUint64Array";
      throw new PtekitError(
        "BAD_ARGUMENT",
        `${id}: PTEs of ${pteBits} bits are a ${wanted}, not ${describe(ptes)}`,
      );
    }
    return { bytes: bytesOf(ptes), count: ptes.length, stored: "numbers" };
  }
  if (!(ptes instanceof Uint8Array || ptes instanceof DataView || ptes instanceof ArrayBuffer)) {
    const kinds = `${pteBits === 32 ? "a Uint32Array" : "a BigUint64Array"} of numbers or a Uint8Array of bytes`;
    throw new PtekitError("BAD_ARGUMENT", `${id}: PTEs are ${kinds}, not ${describe(ptes)}`);
  }
  const bytes = bytesOf(ptes);
  const left = bytes.length % plan.storedBytes;
  if (left !== 0) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${id}: ${bytes.length} bytes are not whole PTEs of ${plan.storedBytes}: ${left} left over`,
    );
  }
  const count = bytes.length / plan.storedBytes;
  return {
    bytes: plan.storedBytes === plan.pteBytes ? bytes : firstCopies(plan, bytes, count),
    count,
    stored: "bytes",
  };
}

/** Of the copies of every PTE the first, which is what pte_val() reads. */
function firstCopies({ pteBytes, storedBytes }: Plan, bytes: Uint8Array, count: number): Uint8Array {
  const words = new Uint8Array(count * pteBytes);
  for (let i = 0; i < words.length; i++) {
    words[i] = bytes[Math.floor(i / pteBytes) * storedBytes + (i % pteBytes)] as number;
  }
  return words;
}

/** Spreads words, as `firstCopies` gives them, over all their copies. */
export function putCopies({ pteBytes, storedBytes }: Plan, words: Uint8Array, into: Uint8Array): void {
  for (let i = 0; i < (words.length / pteBytes) * storedBytes; i++) {
    into[i] = words[Math.floor(i / storedBytes) * pteBytes + (i % pteBytes)] as number;
  }
}

/** A buffer that was transferred has no bytes, and says so by errors of its own kind. */
function bytesOf(ptes: PteInput): Uint8Array {
  try {
    if (ptes instanceof ArrayBuffer) return new Uint8Array(ptes);
    return new Uint8Array(ptes.buffer, ptes.byteOffset, ptes.byteLength);
  } catch {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${describe(ptes)} of PTEs is detached: its buffer was transferred to somebody else`,
    );
  }
}
