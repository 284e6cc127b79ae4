import type { AnyDecoded, ArchBackend, Architecture, FileHead } from "@ptekit/core";
import { atLeast, parseRelease } from "@ptekit/core";
import { backendOfHead } from "./head.ts";
import type { Row } from "./parse.ts";
import { badFile, configAt, numberAt, parseObject, rowsAt, textAt, wordAt } from "./parse.ts";
import type { FileReport, Tally } from "./report.ts";
import { startTally } from "./report.ts";

/** Page-table entries of a running kernel, beside what its pagemap said. */
export interface LiveFile extends FileHead {
  readonly file: string;
  readonly arch: string;
  readonly rows: readonly LiveRow[];
}

/** One page: its entry, and the word of pagemap for it. */
export interface LiveRow {
  readonly vaddr: bigint;
  /** What the program had made there: `uffd_shmem`. */
  readonly region: string;
  readonly pte: bigint;
  /** The word of /proc/PID/pagemap for the same address. */
  readonly pagemap: bigint;
}

/**
 * A live file from its text.
 *
 * @throws PtekitError `BAD_FILE`, naming the file and what is wrong with it.
 */
export function parseLive(file: string, text: string): LiveFile {
  const head = parseObject(file, text);
  const rows = rowsAt(file, head, "rows").map((row, index) => readRow(file, row, `row ${index}`));
  if (rows.length === 0) throw badFile(file, "rows has no rows");
  return {
    file,
    arch: textAt(file, head, "arch"),
    release: textAt(file, head, "release"),
    config: configAt(file, head),
    levels: numberAt(file, head, "levels", "the head"),
    rows,
  };
}

function readRow(file: string, row: Row, where: string): LiveRow {
  return {
    vaddr: wordAt(file, row, "vaddr", where),
    region: textAt(file, row, "region"),
    pte: wordAt(file, row, "pte", where),
    pagemap: wordAt(file, row, "pagemap", where),
  };
}

// See Documentation/admin-guide/mm/pagemap.rst (as of Linux v7.2)
const PRESENT = 63n;
const SWAPPED = 62n;
const GUARD = 58n;
const UFFD_WP = 57n;
const SOFT_DIRTY = 55n;
const FRAME = (1n << 55n) - 1n;
const OFFSET = (1n << 50n) - 1n;

/** Every row of a live file: the decoded PTE against the kernel's own pagemap. */
export function checkLive(arch: Architecture, live: LiveFile): FileReport {
  const backend = backendOfHead(arch, live);
  const tally = startTally(live.file, backend.layout);
  live.rows.forEach((row, index) => {
    tally.row("live");
    checkRow(backend, row, index, tally);
  });
  return tally.report({ arch: live.arch, release: live.release, variant: `${live.levels} levels` });
}

function checkRow(backend: ArchBackend, row: LiveRow, index: number, tally: Tally): void {
  const read: AnyDecoded = backend.decode(row.pte);
  const saw = (bit: bigint): boolean => ((row.pagemap >> bit) & 1n) === 1n;
  const where = `${row.region} 0x${row.vaddr.toString(16)}`;
  const hold = (what: string, expected: unknown, got: unknown): void => {
    tally.fact(what);
    tally.same(what, index, `${where}: ${what} ${String(expected)}`, `${where}: ${what} ${String(got)}`);
  };
  const present = read.kind === "present";
  const swapped = !present && read.kind !== "none";
  hold("present", saw(PRESENT), present);
  hold("swapped", saw(SWAPPED), swapped);
  const release = parseRelease(backend.kernel.release);
  if (present || swapped) hold("soft-dirty", saw(SOFT_DIRTY), read.softDirty);
  if (atLeast(release, "5.14")) hold("uffd-wp", saw(UFFD_WP), uffdWp(read));
  else tally.unconfirmed("uffd-wp: pagemap reports it from 5.14 on");
  if (atLeast(release, "6.15")) hold("guard", saw(GUARD), read.markers?.includes("guard") ?? false);
  else if (read.kind === "marker") tally.unconfirmed("guard: pagemap reports it from 6.15 on");
  const frame = row.pagemap & FRAME;
  if (present && frame === 0n && read.pfn !== 0n) tally.unconfirmed("pfn: pagemap shows 0 (device memory)");
  else if (present) hold("pfn", hexText(frame), hexText(read.pfn ?? -1n));
  if (!swapped) return;
  hold("type", frame & 31n, read.type);
  // pagemap shows the PFN without the young and dirty bits above it.
  const offset = (read.kind === "swapin-error" ? read.offset : (read.pfn ?? read.offset)) ?? -1n;
  hold("offset", hexText(frame >> 5n), hexText(offset & OFFSET));
  if (read.exclusive === true) tally.unconfirmed("exclusive: pagemap does not show the swap PTE's bit");
  if (read.young === true || read.dirty === true)
    tally.unconfirmed("young, dirty: pagemap does not show them");
}

/** pte_swp_uffd_wp_any(): the bit, or the marker. */
function uffdWp(read: AnyDecoded): boolean {
  return read.uffdWp === true || (read.markers?.includes("uffd-wp") ?? false);
}

const hexText = (word: bigint): string => `0x${word.toString(16)}`;
