/** Something in a log's text that speaks for an architecture. */
export interface Clue {
  /** Tried on one line, without time stamps and quoting; linear in the length of the line. */
  readonly form: RegExp;
  /** 10 settles it alone, 7 settles it where nothing speaks against it, less is a hint. */
  readonly weight: number;
  /** Kconfig symbols that it says are set, or not. */
  readonly config?: Readonly<Record<string, "y" | "n">>;
}

/** A range of virtual addresses, both ends included. */
export interface AddressRange {
  readonly from: bigint;
  readonly to: bigint;
  /** `the direct map` */
  readonly what: string;
  /**
   * Of a linear map: the physical address that lies at `from`; `"moved"` where randomization moves the map by whole GiB.
   * Absent: the range is no linear map.
   */
  readonly physical?: bigint | "moved";
}

/** Machine code that compilers write often: `(word & mask) === value`, of 32 bits. */
export interface Instruction {
  readonly mask: number;
  readonly value: number;
  /** `mr r3,r30` */
  readonly text: string;
}

/** A bug of the kernel (or of a CPU) that shows in its logs. */
export interface KnownBug {
  /** The first release with it, and the first without: `3.11`, as the data has releases. Absent: not bounded. */
  readonly from?: string;
  readonly until?: string;
  /** Only release candidates of `from` have it. */
  readonly candidatesOnly?: true;
  /** The bits of the entry that it set, or cleared. */
  readonly set?: readonly number[];
  readonly cleared?: readonly number[];
  /** The entry holds nothing else. */
  readonly alone?: boolean;
  /** What the entry must be without the set bits; of a PTE also as it stands. */
  readonly kind?: "swap" | "migration";
  /** Whose entries it concerns. Default: PTEs. */
  readonly level?: "pmd";
  readonly sentence: string;
  readonly next?: string;
  readonly citation: string;
}

/** What an architecture's logs look like, beside its layouts: for readers of logs. */
export interface ArchClues {
  /** The architecture's name. */
  readonly arch: string;
  readonly clues: readonly Clue[];
  /** Where the kernel lies in virtual memory. */
  readonly kernel?: readonly AddressRange[];
  /** Where programs have their code, heap, libraries and stack. */
  readonly user?: readonly AddressRange[];
  readonly code?: readonly Instruction[];
  readonly bugs?: readonly KnownBug[];
}
