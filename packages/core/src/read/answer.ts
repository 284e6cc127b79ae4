import type { EntryLevel } from "../data/layout.ts";
import type { Assumed, Decoded, Kind } from "../interface/decoded.ts";

/** Whose answer it is. */
export interface Source {
  readonly arch: string;
  /** The layout's id. */
  readonly layout: string;
  readonly level: EntryLevel;
  readonly pteBits: 32 | 64;
  /** The defaults that changed an answer. */
  assumedFor(answer: Decoded): readonly Assumed[];
}

/**
 * An answer while it is made: its own keys are plain data. A getter of its own would cost more than all the rest of an
 * answer, so `assumed` stands on the prototype, and so does `level`.
 */
export class Answer {
  readonly pte: bigint;
  readonly arch: string;
  readonly layout: string;
  readonly kind: Kind;
  readonly #source: Source;

  constructor(source: Source, pte: bigint, kind: Kind) {
    this.pte = pte;
    this.arch = source.arch;
    this.layout = source.layout;
    this.kind = kind;
    this.#source = source;
  }

  /** The width of the answer's word. */
  static bitsOf(answer: Answer): 32 | 64 {
    return answer.#source.pteBits;
  }

  get level(): EntryLevel {
    return this.#source.level;
  }

  get assumed(): readonly Assumed[] {
    return this.#source.assumedFor(this as Decoded);
  }
}

/** The answer for a PTE that holds an arch-independent entry. */
export class EntryAnswer extends Answer {
  readonly type: number;
  readonly offset: bigint;
  readonly swpEntry: bigint;
  readonly exclusive: boolean;
  readonly softDirty: boolean;
  readonly uffdWp: boolean;

  constructor(
    source: Source,
    pte: bigint,
    kind: Kind,
    type: number,
    offset: bigint,
    swpEntry: bigint,
    exclusive: boolean,
    softDirty: boolean,
    uffdWp: boolean,
  ) {
    super(source, pte, kind);
    this.type = type;
    this.offset = offset;
    this.swpEntry = swpEntry;
    this.exclusive = exclusive;
    this.softDirty = softDirty;
    this.uffdWp = uffdWp;
  }
}
