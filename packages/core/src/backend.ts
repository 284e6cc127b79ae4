import { spareBits } from "./ask/spare-bits.ts";
import { isSpecialPte, specialPte } from "./ask/special.ts";
import { checkWord } from "./codec/arguments.ts";
import { codecOf, maxOffsetOf, maxTypeOf } from "./codec/codec.ts";
import { encodePfnEntry } from "./codec/encode.ts";
import { bytesOf, fromBytes, storedOver } from "./codec/memory.ts";
import { ENTRY_LEVELS, emptyPte, longBitsOf } from "./data/layout.ts";
import { PtekitError } from "./errors.ts";
import type { ArchBackend } from "./interface/backend.ts";
import type { BackendParts } from "./interface/kernel.ts";
import { assumedOf } from "./read/assumed.ts";
import { readerOf } from "./read/decode.ts";
import { encodeSaid } from "./read/encode.ts";
import { levelParts } from "./target/level.ts";
import { deepFreeze } from "./util/freeze.ts";
import { lazily } from "./util/lazily.ts";
import { requireKernel } from "./util/require.ts";

/** A backend from its parts: the verbs that the data means. */
export function createBackend(parts: BackendParts): ArchBackend {
  requireKernel(parts);
  return levelsOf(parts)("pte") as ArchBackend;
}

type Levels = ArchBackend["at"];

/** The backends of one kernel's levels, each made when first asked for. */
function levelsOf(parts: BackendParts): Levels {
  const made = new Map<string, ArchBackend | null>();
  const once = (name: string, make: () => BackendParts | null): ArchBackend | null => {
    if (!made.has(name)) {
      const found = make();
      made.set(name, found && createLevel(found, at));
    }
    return made.get(name) ?? null;
  };
  const at: Levels = (level, of) => {
    checkLevel(level, of);
    if (of !== undefined) return once(`${level} ${of}`, () => levelParts(parts, level, of));
    if (level === "pte") return once(level, () => parts);
    return at(level, "thp") ?? at(level, "hugetlb");
  };
  return at;
}

function createLevel(parts: BackendParts, at: Levels): ArchBackend {
  const { layout, types, kernel } = parts;
  const codec = codecOf(layout, kernel.swpTypeShift);
  const read = readerOf(parts, assumedOf(parts), codec);
  const assumed = lazily(() => deepFreeze([...new Set(parts.assumptions.map(({ sentence }) => sentence))]));
  const citations = lazily(() => deepFreeze(citationsOf(parts)));
  const wordIn = (pte: bigint): bigint => checkWord(pte, layout.pteBits, layout.id, "PTE");

  const backend: ArchBackend = {
    arch: parts.arch,
    layout,
    level: parts.level ?? "pte",
    get present() {
      return parts.present;
    },
    get geometry() {
      return parts.geometry ?? null;
    },
    types,
    kernel,
    at,
    get citations() {
      return citations();
    },
    get assumed() {
      return assumed();
    },
    notes: notesOf(parts),
    maxType: maxTypeOf(layout, kernel.swpTypeShift),
    maxOffset: maxOffsetOf(layout, kernel.swpTypeShift),
    decode: (pte) => read(wordIn(pte)),
    encode: (entry, options) => encodeSaid(parts, codec, read, entry, options),
    encodePfn: (kind, pfn, options) => encodePfnEntry(parts, codec, kind, pfn, options),
    toSwpEntry: (pte) => codec.toSwpEntry(wordIn(pte)),
    fromSwpEntry: (entry) =>
      codec.fromSwpEntry(checkWord(entry, longBitsOf(layout), layout.id, "swp_entry_t")),
    specialPte: (marker, options) => specialPte(backend, marker, options),
    isSpecialPte: (pte, options) => isSpecialPte(backend, wordIn(pte), options),
    stored: (pte, before = emptyPte(layout)) => storedOver(layout, wordIn(pte), wordIn(before)),
    spareBits: () => spareBits(parts),
    toBytes: (pte) => bytesOf(wordIn(pte), layout, kernel.byteOrder),
    fromBytes: (bytes) => fromBytes(bytes, layout, kernel.byteOrder),
  };
  return Object.freeze(backend);
}

/** Where a kernel is written, each place once. */
function citationsOf({ layout, present, types, citations = [] }: BackendParts): string[] {
  const rows = [layout, ...(present ? [present] : []), ...types.special, ...types.markers];
  return [...new Set([...rows.map(({ citation }) => citation), ...citations])];
}

/** What a reader should know of this kernel. */
function notesOf({ types, kernel, notes = [] }: BackendParts): readonly string[] {
  const neverArms = types.markers.length > 0 && !kernel.armsUffdWp;
  const arming =
    "this kernel never arms uffd-wp (no CONFIG_HAVE_ARCH_USERFAULTFD_WP, or no bit for it): it writes no uffd-wp marker";
  return deepFreeze([...(neverArms ? [arming] : []), ...notes]);
}

function checkLevel(level: string, of: string | undefined): void {
  if (!(ENTRY_LEVELS as readonly string[]).includes(level)) {
    throw new PtekitError("UNKNOWN_OPTION", `a level is ${ENTRY_LEVELS.join(", ")}, not ${String(level)}`);
  }
  if (of !== undefined && of !== "thp" && of !== "hugetlb") {
    throw new PtekitError("UNKNOWN_OPTION", `an entry is of a thp or of a hugetlb page, not ${String(of)}`);
  }
}
