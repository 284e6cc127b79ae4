import type { Codec } from "../codec/codec.ts";
import { presentPfn } from "../codec/present.ts";
import { onesMask } from "../data/bits.ts";
import type { PresentLayout } from "../data/present.ts";
import type { SpecialTypeName } from "../data/swap-types.ts";
import { typeMeaning } from "../data/swap-types.ts";
import type { Access, Decoded, Kind } from "../interface/decoded.ts";
import type { BackendParts } from "../interface/kernel.ts";

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
  hmm: { kind: "device-private" },
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
  // make_hmm_entry(): two bits below the PFN say what the entry is.
  if (meaning === "hmm") {
    answer.pfn = offset >> 2n;
    return answer;
  }
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
