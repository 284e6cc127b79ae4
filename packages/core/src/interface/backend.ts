import type { ArchData } from "../data/arch.ts";
import type { SettledGeometry } from "../data/geometry.ts";
import type { EntryLevel, HugePage, Layout } from "../data/layout.ts";
import type { PresentLayout } from "../data/present.ts";
import type { MarkerName, PfnKind, SwapTypes } from "../data/swap-types.ts";
import type { Decoded } from "./decoded.ts";
import type { EncodeOptions, PfnOptions, SpecialPteOptions, SwapEntry } from "./entry.ts";
import type { KernelFacts } from "./kernel.ts";
import type { SpareBits } from "./spare-bits.ts";
import type { Target } from "./target.ts";

/** An architecture: its data, and the backend for a target. */
export interface Architecture extends ArchData {
  /**
   * The backend for a release, configuration and CPU.
   *
   * @throws PtekitError `UNKNOWN_RELEASE`, `NO_LAYOUT`, `UNKNOWN_OPTION`, `UNKNOWN_CONFIG`, `UNKNOWN_CPU` or
   * `UNKNOWN_BACKPORT`, each naming what was given and what would be understood.
   */
  for(target: Target): ArchBackend;
}

/** One layout and one table of swap types: a kernel's view of the PTEs that are not present. */
export interface ArchBackend {
  /** `arm64` */
  readonly arch: string;
  /** The data that all the verbs below come from. */
  readonly layout: Layout;
  /** Which level's entries it is about: `pte`, or what `at` was asked for. */
  readonly level: EntryLevel;
  /** How present entries of that level look, where the architecture describes them: above the PTEs, those of huge pages. */
  readonly present: PresentLayout | null;
  /** How this kernel's tables are walked, where the architecture describes it. */
  readonly geometry: SettledGeometry | null;
  /** Type number → meaning, for this release and configuration. */
  readonly types: SwapTypes;
  readonly kernel: KernelFacts;
  /**
   * The same kernel's entries on a level: of transparent huge pages (migration, device-private) or of hugetlbfs pages
   * (migration, hwpoison, markers); null where it has none, or they are not described. `of` is "thp" where the level has such
   * entries, and "hugetlb" where it has not. The PTE's backend for "pte" alone.
   *
   * @throws PtekitError `UNKNOWN_OPTION`.
   */
  at(level: EntryLevel, of?: HugePage): ArchBackend | null;
  /** Where all of it is written, each place once: the layout, present PTEs, swap types, limits, and the symbols of its bits. */
  readonly citations: readonly string[];
  /** Each default that could change an answer, named. */
  readonly assumed: readonly string[];
  /** What a reader should know of this kernel, in sentences. */
  readonly notes: readonly string[];
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
   * The PTE the kernel would write for this entry, or for an answer of `decode`: `encode(decode(pte))` is `pte` for every
   * entry that the kernel writes, from its fields. Of an answer it takes type, offset and flags; what they mean must be what
   * it says. A present PTE is refused: `encodePresent()` writes one, from more than an answer holds.
   *
   * @throws PtekitError `TYPE_TOO_WIDE`, `OFFSET_TOO_WIDE`, `NO_SUCH_FLAG`, `BAD_ARGUMENT`.
   */
  encode(entry: SwapEntry | Decoded, options?: EncodeOptions): bigint;
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
