import type { SpareBits } from "./ask/what-if.ts";
import { spareBits } from "./ask/what-if.ts";
import type { Codec, FlagName, SwpFlags } from "./codec/codec.ts";
import { codecOf, FLAG_NAMES, maxOffsetOf, maxTypeOf } from "./codec/codec.ts";
import type { Layout } from "./data/layout.ts";
import { emptyPte, longBitsOf, maskOf, onesMask, pmdLayoutOf, pteBytesOf, rowsOf } from "./data/layout.ts";
import type { PresentLayout } from "./data/present.ts";
import type { MarkerName, PfnKind, SwapTypes } from "./data/swap-types.ts";
import { typeMeaning, typeNumber } from "./data/swap-types.ts";
import { PtekitError } from "./errors.ts";
import type { Decoded } from "./read/decode.ts";
import { readPte, sameAnswer, sameReading } from "./read/decode.ts";
import type { SpecialPteOptions } from "./read/special.ts";
import { isSpecialPte, specialPte } from "./read/special.ts";
import { lazily } from "./util/lazily.ts";

/** What the kernel decides beside the layout. */
export interface KernelFacts {
  /** The release as given. */
  readonly release: string;
  readonly pageShift: number;
  /** SWP_TYPE_SHIFT: where the type sits in a swp_entry_t. */
  readonly swpTypeShift: number;
  /** SWP_PFN_BITS */
  readonly pfnBits: number;
  /** Bits of a physical address that SWP_PFN_BITS comes from. */
  readonly physBits: number;
  /** What arch_max_swapfile_size() allows beside the layout, in pages; null where it adds no limit. */
  readonly archMaxPages: bigint | null;
  /** arch_max_swapfile_size(), in pages: what layout and CPU allow. */
  readonly maxSwapfilePages: bigint;
  /** swap_migration_ad_supported: migration entries carry young and dirty. Null before 6.1, which has no such bits. */
  readonly migrationAd: boolean | null;
  /** Where the kernel's own build refuses fewer than five bits of type; null where nothing checks. */
  readonly typeCheck: string | null;
  /** Byte order in which a PTE is stored. */
  readonly byteOrder: "little" | "big";
  /** CONFIG_HAVE_ARCH_USERFAULTFD_WP, and a bit for it: whether this kernel arms uffd-wp at all. */
  readonly armsUffdWp: boolean;
}

/** A default that was taken, and what the kernel would be otherwise. */
export interface Assumption {
  readonly sentence: string;
  /** Null where the other case is not described. */
  readonly parts: BackendParts | null;
}

/** All that a backend is made of: data only. */
export interface BackendParts {
  readonly arch: string;
  readonly layout: Layout;
  readonly present: PresentLayout | null;
  readonly types: SwapTypes;
  readonly kernel: KernelFacts;
  readonly assumptions: readonly Assumption[];
}

/** What to do with a value that does not fit: refuse it, or cut (and leak) it as the kernel's macros do. */
export interface EncodeOptions {
  readonly overflow?: "refuse" | "truncate";
}

/** A swap entry with its flags. */
export interface SwapEntry extends SwpFlags {
  /** Swap type, 0 to 31. */
  readonly type: number;
  /** Swap offset, in pages. */
  readonly offset: bigint;
}

/** One layout and one table of swap types: a kernel's view of the PTEs that are not present. */
export interface ArchBackend {
  /** `arm64` */
  readonly arch: string;
  /** The data that all the verbs below come from. */
  readonly layout: Layout;
  /** How present PTEs look, where the architecture describes them. */
  readonly present: PresentLayout | null;
  /** Type number → meaning, for this release and configuration. */
  readonly types: SwapTypes;
  readonly kernel: KernelFacts;
  /** The same kernel's view of PMD swap entries (THP migration); null where it has none. */
  readonly pmd: ArchBackend | null;
  /** Each default that could change an answer, named. */
  readonly assumed: readonly string[];
  /** The largest type that encode takes. */
  readonly maxType: number;
  /** The largest offset that encode takes, in pages. */
  readonly maxOffset: bigint;
  /**
   * What a PTE says. Never throws on a word of the right width; clears the flags before it reads type and offset.
   *
   * @throws PtekitError `BAD_WORD`, `WORD_TOO_WIDE`.
   */
  decode(pte: bigint): Decoded;
  /**
   * The PTE the kernel would write for this entry.
   *
   * @throws PtekitError `TYPE_TOO_WIDE`, `OFFSET_TOO_WIDE`, `NO_SUCH_FLAG`, `BAD_ARGUMENT`.
   */
  encode(entry: SwapEntry, options?: EncodeOptions): bigint;
  /**
   * The PTE of a migration, device or hwpoison entry for a page frame.
   *
   * @throws PtekitError `NO_SUCH_TYPE`, `PFN_TOO_WIDE`, `NO_AD_BITS`, `NO_SUCH_FLAG`, `BAD_ARGUMENT`.
   */
  encodePfn(kind: PfnKind, pfn: bigint, options?: PfnOptions): bigint;
  /** pte_to_swp_entry(): the arch-independent entry, flags cleared. */
  toSwpEntry(pte: bigint): bigint;
  /** swp_entry_to_pte(): the PTE of an arch-independent entry, as the kernel's macros cut it. */
  fromSwpEntry(entry: bigint): bigint;
  /**
   * A special PTE: neither none nor present, and naming no swap slot.
   *
   * @throws PtekitError `NO_SUCH_BIT`, `NO_MARKER_TYPE`, `NO_SUCH_MARKER`, `BAD_ARGUMENT`.
   */
  specialPte(marker: MarkerName, options: SpecialPteOptions): bigint;
  /** Whether a PTE is special in that way. Throws as `specialPte` does. */
  isSpecialPte(pte: bigint, options: SpecialPteOptions): boolean;
  /** The word that set_pte() leaves in memory for a PTE, over the word `before` (default: the empty PTE). */
  stored(pte: bigint, before?: bigint): bigint;
  /** Who claims every bit of the swap PTE, which are free, what they could buy, and what taking others would cost. */
  spareBits(): SpareBits;
  /** The bytes of a PTE in memory, lowest address first; all its copies, where it has several. */
  toBytes(pte: bigint): Uint8Array;
  /** The PTE in bytes of memory, lowest address first; of its copies the first counts, as in pte_val(). */
  fromBytes(bytes: Uint8Array): bigint;
}

/** What goes with a page frame in an entry: flags, the age of the page, and what to do with what does not fit. */
export interface PfnOptions extends SwpFlags, EncodeOptions {
  /** The page was young when the migration entry was made (6.1 and later). */
  readonly young?: boolean;
  readonly dirty?: boolean;
}

/** A backend from its parts: the verbs that the data means. */
export function createBackend(parts: BackendParts): ArchBackend {
  const { layout, types, kernel } = parts;
  const codec = codecOf(layout, kernel.swpTypeShift);
  const maxType = maxTypeOf(layout, kernel.swpTypeShift);
  const maxOffset = maxOffsetOf(layout, kernel.swpTypeShift);
  const others = lazily(() =>
    parts.assumptions.map(({ sentence, parts: other }) => ({ sentence, changes: changedBy(parts, other) })),
  );

  const assumed = lazily(() => [
    ...new Set(parts.assumptions.map(({ sentence }) => sentence)),
    ...(types.markers.length > 0 && !kernel.armsUffdWp
      ? [
          `this kernel never arms uffd-wp (no CONFIG_HAVE_ARCH_USERFAULTFD_WP, or no bit for it): it writes no uffd-wp marker`,
        ]
      : []),
  ]);

  const pmd = lazily(() => pmdBackend(parts));

  const wordIn = (pte: bigint): bigint => checkWord(pte, layout.pteBits, layout.id, "PTE");

  /** Only the assumptions that change the answer for this word. */
  const assumedFor = (pte: bigint, answer: Decoded): string[] =>
    // A number has as many alternatives as other values, all under one sentence.
    [...new Set(others().flatMap(({ sentence, changes }) => (changes(pte, answer) ? [sentence] : [])))];

  const withFlags = (pte: bigint, flags: SwpFlags): bigint =>
    FLAG_NAMES.reduce((word, flag) => (flags[flag] ? word | flagMask(codec, layout, flag) : word), pte);

  const encode = (entry: SwapEntry, options: EncodeOptions = {}): bigint => {
    checkKeys(entry, ["type", "offset", ...FLAG_NAMES], "an entry");
    checkKeys(options, ["overflow"], "options");
    checkFlags(entry, FLAG_NAMES, layout.id);
    const truncate = truncates(options);
    const type = checkType(
      entry.type,
      layout,
      truncate ? Number.MAX_SAFE_INTEGER : maxType,
      kernel.swpTypeShift,
    );
    const offset = checkNatural(entry.offset, layout.id, "offset");
    if (!truncate && offset > maxOffset) throw offsetTooWide(layout, kernel.swpTypeShift, offset, maxOffset);
    return withFlags(codec.fromSwpEntry(codec.swpEntry(BigInt(type), offset)), entry);
  };

  const backend: ArchBackend = {
    arch: parts.arch,
    layout,
    present: parts.present,
    types,
    kernel,
    get pmd() {
      return pmd();
    },
    get assumed() {
      return assumed();
    },
    maxType,
    maxOffset,
    decode(pte) {
      const answer = readPte(parts, codec, wordIn(pte));
      if (parts.assumptions.length > 0) answer.assumed = assumedFor(pte, answer);
      return answer;
    },
    encode,
    encodePfn(kind, pfn, options = {}) {
      checkKeys(options, ["young", "dirty", "overflow", ...FLAG_NAMES], "options");
      checkFlags(options, ["young", "dirty", ...FLAG_NAMES], layout.id);
      const type = typeNumber(types, kind);
      if (type === undefined || (kind as string) === "marker") {
        throw new PtekitError(
          "NO_SUCH_TYPE",
          `${layout.id}: ${kernel.release} has no ${String(kind)} entries that hold a PFN`,
        );
      }
      const truncate = truncates(options);
      checkNatural(pfn, layout.id, "pfn");
      const limit = onesMask(Math.min(kernel.pfnBits, maxOffset.toString(2).length));
      if (!truncate && pfn > limit) {
        throw new PtekitError(
          "PFN_TOO_WIDE",
          `${layout.id}: pfn 0x${pfn.toString(16)} needs ${pfn.toString(2).length} bits, ${kind} entries hold ${limit.toString(2).length} (SWP_PFN_BITS ${kernel.pfnBits}, offset field ${maxOffset.toString(2).length})`,
        );
      }
      const offset = pfn | ageBits(kind, options, kernel, layout, truncate);
      const { exclusive = false, softDirty = false, uffdWp = false } = options;
      return encode({ type, offset, exclusive, softDirty, uffdWp }, truncate ? { overflow: "truncate" } : {});
    },
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

function pmdBackend(parts: BackendParts): ArchBackend | null {
  const pmd = pmdParts(parts);
  if (pmd === null) return null;
  const assumptions = lazily(() =>
    parts.assumptions.map((assumption) => ({
      sentence: assumption.sentence,
      parts: assumption.parts && pmdParts(assumption.parts),
    })),
  );
  return createBackend({
    ...pmd,
    get assumptions() {
      return assumptions();
    },
  });
}

function pmdParts(parts: BackendParts): BackendParts | null {
  const layout = pmdLayoutOf(parts.layout);
  return layout && { ...parts, layout, present: null };
}

/** set_pte(): what it sets, and what it keeps of the entry before. */
function storedOver(layout: Layout, pte: bigint, before: bigint): bigint {
  return rowsOf(layout, "setPte").reduce((word, row) => {
    const mask = maskOf(row);
    return (word & ~mask) | (row.stored === "kept" ? before & mask : mask);
  }, pte);
}

/** Whether the other kernel would answer otherwise, for one word after the other. */
function changedBy(
  parts: BackendParts,
  other: BackendParts | null,
): (pte: bigint, answer: Decoded) => boolean {
  if (other === null) return () => true;
  const codec = codecOf(other.layout, other.kernel.swpTypeShift);
  const differs = (pte: bigint, answer: Decoded): boolean => !sameAnswer(answer, readPte(other, codec, pte));
  if (!sameReading(parts, other)) {
    return (pte, answer) => pte >> BigInt(other.layout.pteBits) !== 0n || differs(pte, answer);
  }
  // Both see the same type and offset: only what the type means can differ, and a swap slot means the same to both.
  return (pte, answer) => {
    if (answer.type === undefined) return false;
    if (answer.kind === "swap" && typeMeaning(other.types, answer.type) === "swap") return false;
    return differs(pte, answer);
  };
}

/** SWP_MIG_YOUNG and SWP_MIG_DIRTY sit right above the PFN. */
function ageBits(
  kind: PfnKind,
  { young = false, dirty = false }: PfnOptions,
  kernel: KernelFacts,
  layout: Layout,
  truncate: boolean,
): bigint {
  if (!young && !dirty) return 0n;
  if (!kind.startsWith("migration") || kernel.migrationAd !== true) {
    // make_migration_entry_young() leaves the entry as it is where swap_migration_ad_supported is false.
    if (truncate) return 0n;
    throw new PtekitError(
      "NO_AD_BITS",
      `${layout.id}: ${kernel.release} keeps no young or dirty bit in a ${kind} entry`,
    );
  }
  const pfnBits = BigInt(kernel.pfnBits);
  return (young ? 1n << pfnBits : 0n) | (dirty ? 2n << pfnBits : 0n);
}

function flagMask(codec: Codec, layout: Layout, flag: FlagName): bigint {
  const mask = codec.flagMask(flag);
  if (mask === 0n) throw new PtekitError("NO_SUCH_FLAG", `${layout.id}: swap PTEs have no ${flag} bit`);
  return mask;
}

function checkWord(word: bigint, bits: 32 | 64, id: string, what: string): bigint {
  if (typeof word !== "bigint") {
    throw new PtekitError("BAD_WORD", `${id}: a ${what} is a bigint (0x1084n), not ${describe(word)}`);
  }
  if (word < 0n) throw new PtekitError("BAD_WORD", `${id}: a ${what} is not negative: ${word}`);
  if (word >> BigInt(bits) !== 0n) {
    throw new PtekitError(
      "WORD_TOO_WIDE",
      `${id}: 0x${word.toString(16)} needs ${word.toString(2).length} bits, a ${what} has ${bits}`,
    );
  }
  return word;
}

function checkNatural(value: bigint, id: string, what: string): bigint {
  if (typeof value !== "bigint") {
    throw new PtekitError("BAD_ARGUMENT", `${id}: ${what} is a bigint (0x1234n), not ${describe(value)}`);
  }
  if (value < 0n) throw new PtekitError("BAD_ARGUMENT", `${id}: ${what} is not negative: ${value}`);
  return value;
}

function checkType(type: number, layout: Layout, limit: number, swpTypeShift: number): number {
  if (!Number.isSafeInteger(type) || type < 0) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${layout.id}: type is a whole number from 0 on, not ${describe(type)}`,
    );
  }
  if (type > limit) {
    throw new PtekitError(
      "TYPE_TOO_WIDE",
      `${layout.id}: type ${type} needs ${type.toString(2).length} bits, ${holds(layout, "swpType", longBitsOf(layout) - swpTypeShift)}`,
    );
  }
  return type;
}

function offsetTooWide(layout: Layout, swpTypeShift: number, offset: bigint, maxOffset: bigint): PtekitError {
  const limit = maxOffset.toString(2).length;
  const need = offset.toString(2).length;
  return new PtekitError(
    "OFFSET_TOO_WIDE",
    `${layout.id}: offset 0x${offset.toString(16)} needs ${need} bits, ${holds(layout, "swpOffset", swpTypeShift, limit)}`,
  );
}

/** `swpOffset 31:8 holds 24`, or that swp_entry_t has room for fewer. */
function holds(layout: Layout, kind: "swpType" | "swpOffset", generic: number, limit?: number): string {
  const rows = rowsOf(layout, kind).filter((row) => row.access !== "decode");
  const bits = rows.reduce((sum, row) => sum + row.high - row.low + 1, 0);
  if (generic < bits) return `swp_entry_t holds ${generic}`;
  const places = rows.map(({ high, low }) => (high === low ? `${high}` : `${high}:${low}`));
  return `${kind} ${places.join(" and ")} holds ${limit ?? bits}`;
}

function checkKeys(value: object, known: readonly string[], what: string): void {
  if (typeof value !== "object" || value === null) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${what} is an object with ${known.join(", ")}, not ${describe(value)}`,
    );
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      throw new PtekitError("UNKNOWN_OPTION", `${what} has ${known.join(", ")}, not ${key}`);
  }
}

/** A text such as "false" would pass for a set flag. */
function checkFlags(value: PfnOptions, names: readonly (FlagName | "young" | "dirty")[], id: string): void {
  for (const name of names) {
    const flag: unknown = value[name];
    if (flag !== undefined && typeof flag !== "boolean") {
      throw new PtekitError("BAD_ARGUMENT", `${id}: ${name} is true or false, not ${describe(flag)}`);
    }
  }
}

function truncates(options: EncodeOptions): boolean {
  const { overflow = "refuse" } = options;
  if (overflow !== "refuse" && overflow !== "truncate") {
    throw new PtekitError("UNKNOWN_OPTION", `overflow is "refuse" or "truncate", not ${describe(overflow)}`);
  }
  return overflow === "truncate";
}

function describe(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  return `${typeof value} ${String(value)}`;
}

function bytesOf(pte: bigint, layout: Layout, order: "little" | "big"): Uint8Array {
  const byteAt = (place: number): number => Number((pte >> BigInt(8 * place)) & 0xffn);
  return Uint8Array.from({ length: pteBytesOf(layout) }, (_, i) =>
    byteAt(placeOf(i % (layout.pteBits / 8), layout, order)),
  );
}

function fromBytes(bytes: Uint8Array, layout: Layout, order: "little" | "big"): bigint {
  if (!(bytes instanceof Uint8Array) || bytes.length !== pteBytesOf(layout)) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${layout.id}: a PTE is a Uint8Array of ${pteBytesOf(layout)} bytes`,
    );
  }
  let pte = 0n;
  for (let i = 0; i < layout.pteBits / 8; i++)
    pte |= BigInt(bytes[placeOf(i, layout, order)] as number) << BigInt(8 * i);
  return pte;
}

/** Where byte `i` (0 the least significant) of a PTE stands in memory, and which byte stands at `i`. */
function placeOf(i: number, layout: Layout, order: "little" | "big"): number {
  if (order === "little") return i;
  const word = layout.lowWordFirst === true ? 4 : layout.pteBits / 8;
  return i - (i % word) + (word - 1 - (i % word));
}
