import { hex } from "../data/bits.ts";
import { longBitsOf } from "../data/layout.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { Decoded } from "../interface/decoded.ts";
import { requireKernel } from "../util/require.ts";

/** What a kernel has to do with a swp_entry_t. */
export interface EntryOf {
  /** The entry in full width: `0x0040207070a05060`. */
  readonly swpEntry: string;
  readonly type: number;
  readonly offset: bigint;
  /** The PTE that the kernel writes for it, as it is read; null where no PTE of that kernel decodes to the entry. */
  readonly said: Decoded | null;
  /** Why there is no such PTE, in a sentence; null where there is one. */
  readonly why: string | null;
}

/**
 * A swp_entry_t of a kernel, and the PTE behind it, where it can have come from one.
 *
 * @throws PtekitError `BAD_WORD` where it has more bits than a long of that kernel.
 */
export function entryOf(backend: ArchBackend, entry: bigint): EntryOf {
  requireKernel(backend);
  const { kernel, layout } = backend;
  const said = backend.decode(backend.fromSwpEntry(entry));
  const shift = BigInt(kernel.swpTypeShift);
  const parts = {
    swpEntry: hex(entry, longBitsOf(layout)),
    type: Number(entry >> shift),
    offset: entry & ((1n << shift) - 1n),
  };
  return "swpEntry" in said && said.swpEntry === entry
    ? { ...parts, said, why: null }
    : { ...parts, said: null, why: whyNone(backend, parts, said) };
}

function whyNone(
  { layout, maxType, maxOffset }: ArchBackend,
  { type, offset }: { readonly type: number; readonly offset: bigint },
  said: Decoded,
): string {
  const reasons = [
    ...tooWide("offset", offset, maxOffset),
    ...tooWide("type", BigInt(type), BigInt(maxType)),
  ];
  const because =
    reasons.length > 0 ? reasons.join("; ") : `the PTE that encode writes for it is ${said.kind}`;
  return `no PTE of this kernel decodes to it (${because}), so it never came from a page table of ${layout.id}`;
}

const tooWide = (name: string, value: bigint, max: bigint): string[] =>
  value > max ? [`${name} needs ${bits(value)} bits, the field has ${bits(max)}`] : [];

const bits = (word: bigint): number => (word === 0n ? 0 : word.toString(2).length);
