import type { AnyDecoded, ArchBackend, Architecture, FileHead, SwapTypes } from "@ptekit/core";
import { PtekitError, typeMeaning } from "@ptekit/core";
import type { Row } from "./parse.ts";
import { rowsAt } from "./parse.ts";
import type { Tally } from "./report.ts";

/** A file of words that the kernel's own macros answered (ptekit-vectors/1). */
export interface VectorFile extends FileHead {
  /** The name it goes by in messages. */
  readonly file: string;
  readonly arch: string;
  readonly variant: string;
  readonly pteBits: number;
  readonly head: Row;
}

/** What the checks of a vector file look at. */
export interface Check {
  readonly arch: Architecture;
  readonly vectors: VectorFile;
  readonly backend: ArchBackend;
  readonly tally: Tally;
}

/** Runs `check` on each row of a list and counts it; a backend that refuses the row is a mismatch. */
export function each(
  subject: Check,
  list: string,
  check: (row: Row, index: number, where: string) => void,
): void {
  const { vectors, tally } = subject;
  rowsAt(vectors.file, vectors.head, list).forEach((row, index) => {
    tally.row(list);
    try {
      check(row, index, `${list} row ${index}`);
    } catch (error) {
      if (!(error instanceof PtekitError) || error.code === "BAD_FILE") throw error;
      tally.same(list, index, JSON.stringify(row), String(error));
    }
  });
}

/** `0x1084` */
export const hexText = (word: bigint): string => `0x${word.toString(16)}`;

/** The word that vector files use for what an entry is. */
export function classOf(read: AnyDecoded, types: SwapTypes): string {
  if (read.kind === "marker") return `marker:${(read.markers ?? []).join("|") || "0"}`;
  if (read.kind === "unassigned") return "unknown";
  return read.type === undefined ? read.kind : typeMeaning(types, read.type);
}
