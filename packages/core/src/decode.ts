import type { BackendParts } from "./backend.js";
import type { Codec } from "./codec.js";
import { matches } from "./codec.js";
import { onesMask, widthOf } from "./layout.js";
import type { PresentLayout } from "./present.js";
import type { MarkerName, SpecialTypeName } from "./swap-types.js";
import { typeMeaning } from "./swap-types.js";

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
  readonly access?: "read" | "read-exclusive" | "write" | null;
  /** Page frame number; of a present PTE too, where the backend describes present PTEs. */
  readonly pfn?: bigint;
  /** Of a migration entry; absent, not false, where that kernel does not honour it. */
  readonly young?: boolean;
  readonly dirty?: boolean;
  /** What a marker says; bits that this release does not read are dropped, as the kernel drops them. */
  readonly markers?: readonly MarkerName[];
}

/** The answer without its assumptions. */
export function readPte(parts: BackendParts, codec: Codec, pte: bigint): Decoded {
  const { layout, types, kernel } = parts;
  const head = { pte, arch: parts.arch, layout: layout.id, assumed: [] };
  if (codec.isNone(pte)) return { ...head, kind: "none" };
  if (codec.isPresent(pte)) return { ...head, kind: "present", ...readPresent(parts.present, pte) };
  const swpEntry = codec.toSwpEntry(pte);
  const type = Number(swpEntry >> BigInt(kernel.swpTypeShift));
  const offset = swpEntry & onesMask(kernel.swpTypeShift);
  const meaning = typeMeaning(types, type);
  const common = {
    ...head,
    kind: kindOf(meaning),
    type,
    offset,
    swpEntry,
    exclusive: codec.hasFlag(pte, "exclusive"),
    softDirty: codec.hasFlag(pte, "softDirty"),
    uffdWp: codec.hasFlag(pte, "uffdWp"),
  };
  if (meaning === "swap" || meaning === "unassigned") return common;
  if (meaning === "marker") {
    const markers = types.markers
      .filter((marker) => (offset & marker.value) !== 0n)
      .map((marker) => marker.name);
    return { ...common, markers };
  }
  // Before 6.1 the whole offset is the PFN; SWP_PFN_MASK came with the young and dirty bits.
  const pfn = kernel.migrationAd === null ? offset : offset & onesMask(kernel.pfnBits);
  const access = accessOf(meaning);
  const ages =
    common.kind === "migration" && kernel.migrationAd === true
      ? { young: bitAt(offset, kernel.pfnBits), dirty: bitAt(offset, kernel.pfnBits + 1) }
      : {};
  return { ...common, ...(access === undefined ? {} : { access }), pfn, ...ages };
}

const bitAt = (word: bigint, bit: number): boolean => ((word >> BigInt(bit)) & 1n) === 1n;

function kindOf(meaning: SpecialTypeName | "swap" | "unassigned"): Kind {
  if (meaning.startsWith("migration")) return "migration";
  if (meaning.startsWith("device-private")) return "device-private";
  if (meaning.startsWith("device-exclusive")) return "device-exclusive";
  return meaning as Kind;
}

function accessOf(meaning: SpecialTypeName): "read" | "read-exclusive" | "write" | null | undefined {
  if (meaning === "device-exclusive") return null;
  const found = /^(?:migration|device-private|device-exclusive)-(.*)$/.exec(meaning);
  return found ? (found[1] as "read" | "read-exclusive" | "write") : undefined;
}

function readPresent(
  present: PresentLayout | null,
  pte: bigint,
): { pfn?: bigint; softDirty?: boolean; uffdWp?: boolean } {
  if (!present) return {};
  const isSet = (kind: "softDirty" | "uffdWp"): boolean =>
    present.fields.some((row) => row.kind === kind && bitAt(pte, row.low));
  return { pfn: presentPfn(present, pte), softDirty: isSet("softDirty"), uffdWp: isSet("uffdWp") };
}

/** pte_pfn() of a present PTE. */
function presentPfn(present: PresentLayout, pte: bigint): bigint {
  const word = present.invertedWhere && matches(present.invertedWhere, pte) ? ~pte : pte;
  return present.fields
    .filter((row) => row.kind === "pfn")
    .reduce(
      (pfn, row) => pfn | (((word >> BigInt(row.low)) & onesMask(widthOf(row))) << BigInt(row.from)),
      0n,
    );
}

/** Whether two answers say the same of a word, whatever they call the layout. */
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
    a.dirty === b.dirty &&
    a.markers?.join() === b.markers?.join()
  );
}
