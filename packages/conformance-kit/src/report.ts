import type { Layout } from "@ptekit/core";
import { hex, rulerRows, rulerWithWords } from "@ptekit/core";

/** A row on which kernel and backend do not say the same. */
export interface Mismatch {
  readonly file: string;
  /** The list in the file: `encode`, `decode`, `live`. */
  readonly list: string;
  /** The row's number in its list, from 0 on. */
  readonly row: number;
  /** In words. */
  readonly expected: string;
  readonly got: string;
  /** Both as PTEs, where the answer is a PTE. */
  readonly words?: { readonly expected: bigint; readonly got: bigint };
  readonly layout: Layout;
}

/** What one file of kernel answers said of a backend. */
export interface FileReport {
  readonly file: string;
  readonly arch: string;
  readonly release: string;
  /** Variant and configuration, in a few words. */
  readonly variant: string;
  /** The layout's id. */
  readonly layout: string;
  /** Rows checked, by list. */
  readonly rows: Readonly<Record<string, number>>;
  /** Facts of a live file's rows that its pagemap confirms, by what they are about. */
  readonly confirmed: Readonly<Record<string, number>>;
  /** Rows that fail. */
  readonly failed: number;
  /** The first of them. */
  readonly mismatches: readonly Mismatch[];
  /** Facts that are not confirmed, by reason, and how many: the file cannot, or the architecture does not say them. */
  readonly unconfirmed: Readonly<Record<string, number>>;
}

/** A mismatch as people read it: file, row, both answers, and the two words one over the other. */
export function mismatchText(mismatch: Mismatch): string {
  const { file, list, row, expected, got, words, layout } = mismatch;
  const lines = [`${file}: ${list} row ${row} (${layout.id})`, `  expected ${expected}`, `  got      ${got}`];
  if (words) {
    const drawn = rulerWithWords(rulerRows(layout), layout.pteBits, [
      { word: words.expected, label: "expected" },
      { word: words.got, label: "got" },
    ]);
    lines.push(...drawn.split("\n").map((line) => `  ${line}`.trimEnd()));
  }
  return lines.join("\n");
}

const KEPT = 20;

/** Collects a file's rows into a report. */
export interface Tally {
  /** Counts a row of a list as checked. */
  row(list: string): void;
  /** Counts a fact that a row confirms. */
  fact(what: string): void;
  /** Two answers, in words; they are the same text where the backend is right. */
  same(list: string, row: number, expected: string, got: string): void;
  /** Two PTEs. */
  samePte(list: string, row: number, expected: bigint, got: bigint, what: string): void;
  /** A fact that is not confirmed, and why. */
  unconfirmed(reason: string): void;
  report(head: { readonly arch: string; readonly release: string; readonly variant: string }): FileReport;
}

/** An empty tally of a file that is held against a layout's backend. */
export function startTally(file: string, layout: Layout): Tally {
  const rows: Record<string, number> = {};
  const confirmed: Record<string, number> = {};
  const unconfirmed: Record<string, number> = {};
  const mismatches: Mismatch[] = [];
  const rowsFailed = new Set<string>();
  const add = (mismatch: Omit<Mismatch, "file" | "layout">): void => {
    // A row fails once, however many questions it is asked.
    const row = `${mismatch.list} ${mismatch.row}`;
    if (rowsFailed.has(row)) return;
    rowsFailed.add(row);
    if (mismatches.length < KEPT) mismatches.push({ file, layout, ...mismatch });
  };
  const count = (counts: Record<string, number>, key: string): void => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  return {
    row: (list) => count(rows, list),
    fact: (what) => count(confirmed, what),
    same(list, row, expected, got) {
      if (expected !== got) add({ list, row, expected, got });
    },
    samePte(list, row, expected, got, what) {
      if (expected === got) return;
      const text = (word: bigint): string => `${what} ${hex(word, layout.pteBits)}`;
      add({ list, row, expected: text(expected), got: text(got), words: { expected, got } });
    },
    unconfirmed: (reason) => count(unconfirmed, reason),
    report: (head) => ({
      file,
      ...head,
      layout: layout.id,
      rows,
      confirmed,
      failed: rowsFailed.size,
      mismatches,
      unconfirmed,
    }),
  };
}
