// What the compiled program answers, and the ptekit-vectors/1 file that is made of it.

/** One row of a file: a question's inputs, and the kernel's answer. */
export type Row = Readonly<Record<string, unknown>>;

/** What the kernel answers to one question; null where it has no such thing. */
export type Answer = Row | null;

/** The program's answer to "h", as far as questions are chosen by it. Words are hexadecimal texts. */
export interface Head {
  readonly pteBits: number;
  readonly longBits: number;
  readonly maxType: number;
  readonly maxOffset: string;
  readonly presentMask: string;
  readonly constants: Readonly<Record<string, string>>;
}

/** The rows of a file, list by list. A list that is absent means that the kernel has none. */
export interface Lists {
  readonly encode: readonly Row[];
  readonly encodeOverflow: readonly Row[];
  readonly markers?: readonly Row[];
  readonly special?: readonly Row[];
  readonly decode: readonly Row[];
}

/** A vector file, as far as it is read; the head's other keys are the kernel's answers. */
export interface VectorFile extends Lists {
  readonly arch: string;
  readonly variant: string;
  readonly release: string;
  readonly config: Readonly<Record<string, string>>;
  readonly constants: Readonly<Record<string, number>>;
  readonly maxType: number;
  readonly [key: string]: unknown;
}

/** What is compared of two files. */
export type Compared = Pick<VectorFile, "config" | "constants" | "maxType" | keyof Lists> &
  Readonly<Record<string, unknown>>;

/** Asks questions, each a line (see kernel/ask.c), on a CPU of one kind. */
export type Ask = (questions: readonly string[], cpu?: string) => Answer[];
