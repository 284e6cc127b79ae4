import type { BackendParts } from "../backend.ts";
import type { Codec } from "../codec/codec.ts";
import { presentPfn } from "../codec/present-codec.ts";
import { onesMask } from "../data/layout.ts";
import type { PresentLayout } from "../data/present.ts";
import type { MarkerName, SpecialTypeName } from "../data/swap-types.ts";
import { typeMeaning } from "../data/swap-types.ts";
import { same } from "../util/same.ts";

/** What a PTE is. */
export type Kind =
  | "none"
  | "present"
  | "swap"
  | "migration"
  | "hwpoison"
  | "device-private"
  | "device-exclusive"
  | "marker"
  | "swapin-error"
  | "unassigned";

/** Every kind, in the order of the numbers that bulk decoding gives them. */
export const KINDS: readonly Kind[] = [
  "none",
  "present",
  "swap",
  "migration",
  "hwpoison",
  "device-private",
  "device-exclusive",
  "marker",
  "swapin-error",
  "unassigned",
];

/** What a migration or device entry may be turned into. */
export type Access = "read" | "read-exclusive" | "write" | null;

/** What a PTE says. A key is absent where it does not apply. */
export interface Decoded {
  readonly pte: bigint;
  readonly arch: string;
  /** The layout's id. */
  readonly layout: string;
  /** Each default that changed this answer, in a sentence. */
  readonly assumed: readonly string[];
  readonly kind: Kind;
  /** swp_type() of the arch-independent entry. */
  readonly type?: number;
  /** swp_offset(), in pages; the PFN and what is above it for migration, device and hwpoison entries. */
  readonly offset?: bigint;
  /** The arch-independent swp_entry_t. */
  readonly swpEntry?: bigint;
  readonly exclusive?: boolean;
  /** Of a present PTE too, where the backend describes present PTEs. */
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  /** What a migration or device entry may be turned into; null for device-exclusive from 6.15 on. */
  readonly access?: Access;
  /** Page frame number; of a present PTE too, where the backend describes present PTEs. */
  readonly pfn?: bigint;
  /** Of a migration entry; absent, not false, where that kernel does not honour it. */
  readonly young?: boolean;
  readonly dirty?: boolean;
  /** What a marker says; bits that this release does not read are dropped, as the kernel drops them. */
  readonly markers?: readonly MarkerName[];
}

/** What a special type says: its kind, and what the entry may be turned into. */
const meanings: Readonly<Record<SpecialTypeName, { readonly kind: Kind; readonly access?: Access }>> = {
  hwpoison: { kind: "hwpoison" },
  "migration-read": { kind: "migration", access: "read" },
  "migration-read-exclusive": { kind: "migration", access: "read-exclusive" },
  "migration-write": { kind: "migration", access: "write" },
  "device-private-read": { kind: "device-private", access: "read" },
  "device-private-write": { kind: "device-private", access: "write" },
  "device-exclusive": { kind: "device-exclusive", access: null },
  "device-exclusive-read": { kind: "device-exclusive", access: "read" },
  "device-exclusive-write": { kind: "device-exclusive", access: "write" },
  marker: { kind: "marker" },
  "swapin-error": { kind: "swapin-error" },
};

/** An answer while it is made. */
export type Answer = { -readonly [Key in keyof Decoded]: Decoded[Key] };

const NOTHING: readonly string[] = [];

/** The answer without its assumptions. */
export function readPte(parts: BackendParts, codec: Codec, pte: bigint): Answer {
  const { layout, types, kernel } = parts;
  const answer: Answer = { pte, arch: parts.arch, layout: layout.id, assumed: NOTHING, kind: "none" };
  if (codec.isNone(pte)) return answer;
  if (codec.isPresent(pte)) {
    answer.kind = "present";
    if (parts.present) readPresent(parts.present, answer);
    return answer;
  }
  const swpEntry = codec.toSwpEntry(pte);
  const type = Number(swpEntry >> BigInt(kernel.swpTypeShift));
  const offset = swpEntry & onesMask(kernel.swpTypeShift);
  answer.type = type;
  answer.offset = offset;
  answer.swpEntry = swpEntry;
  answer.exclusive = codec.hasFlag(pte, "exclusive");
  answer.softDirty = codec.hasFlag(pte, "softDirty");
  answer.uffdWp = codec.hasFlag(pte, "uffdWp");
  const meaning = typeMeaning(types, type);
  if (meaning === "swap" || meaning === "unassigned") {
    answer.kind = meaning;
    return answer;
  }
  const { kind, access } = meanings[meaning];
  answer.kind = kind;
  if (kind === "marker") {
    answer.markers = types.markers.filter(({ value }) => (offset & value) !== 0n).map(({ name }) => name);
    return answer;
  }
  if (access !== undefined) answer.access = access;
  // Before 6.1 the whole offset is the PFN; SWP_PFN_MASK came with the young and dirty bits.
  answer.pfn = kernel.migrationAd === null ? offset : offset & onesMask(kernel.pfnBits);
  if (kind === "migration" && kernel.migrationAd === true) {
    answer.young = bitAt(offset, kernel.pfnBits);
    answer.dirty = bitAt(offset, kernel.pfnBits + 1);
  }
  return answer;
}

const bitAt = (word: bigint, bit: number): boolean => ((word >> BigInt(bit)) & 1n) === 1n;

function readPresent(present: PresentLayout, answer: Answer): void {
  const isSet = (kind: "softDirty" | "uffdWp"): boolean =>
    present.fields.some((row) => row.kind === kind && bitAt(answer.pte, row.low));
  answer.pfn = presentPfn(present, answer.pte);
  answer.softDirty = isSet("softDirty");
  answer.uffdWp = isSet("uffdWp");
}

/** Whether two kernels read every word as the same type, offset and flags, whatever they take them to mean. */
export function sameReading(a: BackendParts, b: BackendParts): boolean {
  const reading = ({ layout, present, kernel }: BackendParts): unknown => [
    layout.pteBits,
    layout.longBits,
    layout.fields,
    layout.present,
    layout.none,
    present,
    kernel.swpTypeShift,
  ];
  return same(reading(a), reading(b));
}

/**
 * Whether two answers of one release say the same of a word, whatever they call the layout. The same kinds with the same
 * offset have the same markers.
 */
export function sameAnswer(a: Decoded, b: Decoded): boolean {
  return (
    a.kind === b.kind &&
    a.swpEntry === b.swpEntry &&
    a.type === b.type &&
    a.exclusive === b.exclusive &&
    a.softDirty === b.softDirty &&
    a.uffdWp === b.uffdWp &&
    a.access === b.access &&
    a.pfn === b.pfn &&
    a.young === b.young &&
    a.dirty === b.dirty
  );
}
