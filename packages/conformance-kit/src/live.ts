import type { AnyDecoded, ArchBackend, Architecture, FileHead } from "@ptekit/core";
import { atLeast, parseRelease, rowsOf, walk } from "@ptekit/core";
import { checkFormat, LIVE } from "./format.ts";
import { backendOfHead } from "./head.ts";
import type { Row } from "./parse.ts";
import { configAt, cpuAt, flagAt, numberAt, parseObject, rowsAt, textAt, wordAt } from "./parse.ts";
import type { FileReport, Tally } from "./report.ts";
import { startTally } from "./report.ts";

/** Page-table entries of a running kernel, beside what its pagemap said. */
export interface LiveFile extends FileHead {
  readonly file: string;
  readonly arch: string;
  /** Physical address of the root table; absent in files of the first form. */
  readonly root?: bigint;
  /** The entries that led from there to those of the rows. */
  readonly upper: readonly LiveEntry[];
  readonly rows: readonly LiveRow[];
}

/** An entry of a table above a row's. */
export interface LiveEntry {
  /** Physical address. */
  readonly at: bigint;
  readonly entry: bigint;
}

/** One page: its entry, and the word of pagemap for it. */
export interface LiveRow {
  readonly vaddr: bigint;
  /** What the program had made there: `uffd_shmem`. */
  readonly region: string;
  /** The level of the entry. */
  readonly level: "pte" | "pmd";
  /** Physical address of the entry; absent in files of the first form. */
  readonly at?: bigint;
  readonly pte: bigint;
  /** The word of /proc/PID/pagemap for the same address. */
  readonly pagemap: bigint;
  /** Whether the page was the program's alone, by what the program did. */
  readonly exclusive?: boolean;
}

/**
 * A live file from its text.
 *
 * @throws PtekitError `BAD_FILE`, naming the file and what is wrong with it.
 */
export function parseLive(file: string, text: string): LiveFile {
  const head = parseObject(file, text);
  checkFormat(file, head, LIVE);
  const rows = rowsAt(file, head, "rows").map((row, index) => readRow(file, row, `row ${index}`));
  return {
    file,
    arch: textAt(file, head, "arch"),
    release: textAt(file, head, "release"),
    config: configAt(file, head),
    cpu: cpuAt(file, head),
    levels: numberAt(file, head, "levels", "the head"),
    ...(head.format !== undefined && { root: wordAt(file, head, "root", "the head") }),
    upper: rowsAt(file, head, "upper").map((row, index) => ({
      at: wordAt(file, row, "at", `upper ${index}`),
      entry: wordAt(file, row, "entry", `upper ${index}`),
    })),
    rows,
  };
}

function readRow(file: string, row: Row, where: string): LiveRow {
  return {
    vaddr: wordAt(file, row, "vaddr", where),
    region: textAt(file, row, "region"),
    level: row.level === "pmd" ? "pmd" : "pte",
    ...(row.at !== undefined && { at: wordAt(file, row, "at", where) }),
    pte: wordAt(file, row, "pte", where),
    pagemap: wordAt(file, row, "pagemap", where),
    ...(row.exclusive !== undefined && { exclusive: flagAt(file, row, "exclusive", where) }),
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
    checkPath(backend, live, row, index, tally);
    const ofLevel = row.level === "pte" ? backend : backend.at("pmd", isHugetlb(row) ? "hugetlb" : "thp");
    if (ofLevel === null) tally.unconfirmed(`${row.level}: no entries of that level are described`);
    else checkRow(ofLevel, row, { index, within: pagesWithin(backend, row) }, tally);
  });
  return tally.report({ arch: live.arch, release: live.release, variant: `${live.levels} levels` });
}

/** How far into the pages of its entry a row's page is: pagemap shows each page's own frame. */
function pagesWithin({ geometry, kernel }: ArchBackend, { level, vaddr }: LiveRow): bigint {
  const shift = level === "pte" ? undefined : geometry?.levels.at(-2)?.shift;
  if (shift === undefined) return 0n;
  return (vaddr & ((1n << BigInt(shift)) - 1n)) >> BigInt(kernel.pageShift);
}

interface Place {
  readonly index: number;
  readonly within: bigint;
}

function checkRow(backend: ArchBackend, row: LiveRow, { index, within }: Place, tally: Tally): void {
  const read: AnyDecoded = backend.decode(row.pte);
  const saw = (bit: bigint): boolean => ((row.pagemap >> bit) & 1n) === 1n;
  const where = `${row.region} 0x${row.vaddr.toString(16)}`;
  const hold = (what: string, expected: unknown, got: unknown): void => {
    tally.fact(what);
    tally.same(what, index, `${where}: ${what} ${String(expected)}`, `${where}: ${what} ${String(got)}`);
  };
  const present = read.kind === "present";
  // pagemap_hugetlb_range() looks at no entry that is not present but for its uffd-wp.
  if (isHugetlb(row) && !present && (row.pagemap & FRAME) === 0n) {
    hold("present", saw(PRESENT), present);
    tally.unconfirmed("hugetlb: pagemap shows no entry that is not present");
    return;
  }
  const swapped = !present && read.kind !== "none";
  hold("present", saw(PRESENT), present);
  hold("swapped", saw(SWAPPED), swapped);
  const release = parseRelease(backend.kernel.release);
  const described = !present || backend.present !== null;
  if (!described) tally.unconfirmed("soft-dirty, pfn: present PTEs are not described");
  else if (isHugetlb(row)) tally.unconfirmed("hugetlb: pagemap shows no entry's soft-dirty bit");
  else if (present || swapped) hold("soft-dirty", saw(SOFT_DIRTY), read.softDirty);
  if (atLeast(release, "5.14")) hold("uffd-wp", saw(UFFD_WP), uffdWp(read));
  else tally.unconfirmed("uffd-wp: pagemap reports it from 5.14 on");
  if (atLeast(release, "6.15")) hold("guard", saw(GUARD), read.markers?.includes("guard") ?? false);
  else if (read.kind === "marker") tally.unconfirmed("guard: pagemap reports it from 6.15 on");
  const frame = row.pagemap & FRAME;
  if (present && frame === 0n && read.pfn !== 0n) tally.unconfirmed("pfn: pagemap shows 0 (device memory)");
  else if (present && described) hold("pfn", hexText(frame), hexText((read.pfn ?? -1n) + within));
  if (!swapped) return;
  hold("type", frame & 31n, read.type);
  // pagemap shows the PFN without the young and dirty bits above it.
  const offset = (read.kind === "swapin-error" ? read.offset : (read.pfn ?? read.offset)) ?? -1n;
  hold("offset", hexText(frame >> 5n), hexText((offset + within) & OFFSET));
  const { exclusive } = row;
  const hasBit = rowsOf(backend.layout, "exclusive").length > 0;
  if (hasBit && exclusive !== undefined && read.kind === "swap") hold("exclusive", exclusive, read.exclusive);
  else if (read.exclusive === true) tally.unconfirmed("exclusive: pagemap does not show the swap PTE's bit");
  if (read.young === true || read.dirty === true)
    tally.unconfirmed("young, dirty: pagemap does not show them");
}

/** The program's memory of hugetlbfs, whose entries are read by other functions of the kernel's. */
const isHugetlb = ({ region }: LiveRow): boolean => region.startsWith("hugetlb");

/** The walk of the row's address through the entries of the file, and through nothing else, ends at the row's own. */
function checkPath(backend: ArchBackend, live: LiveFile, row: LiveRow, index: number, tally: Tally): void {
  const { root } = live;
  if (root === undefined || row.at === undefined) return;
  if (backend.geometry === null) {
    tally.unconfirmed("path: no geometry is described");
    return;
  }
  const words = new Map(live.upper.map(({ at, entry }) => [at, entry]));
  words.set(row.at, row.pte);
  const { path, sentence } = walk(backend, root, row.vaddr, (address, into) => {
    const word = words.get(address);
    if (word === undefined) return false;
    writeWord(into, word, backend.kernel.byteOrder === "little");
    return true;
  });
  const last = path.at(-1);
  const where = `${row.region} 0x${row.vaddr.toString(16)}`;
  const way = last === undefined || last.at !== row.at ? sentence : hexText(last.at);
  tally.fact("path");
  tally.same("path", index, `${where}: entry at ${hexText(row.at)}`, `${where}: entry at ${way}`);
}

/** An entry as it lies in memory; of one that stands there several times, the first. */
function writeWord(into: Uint8Array, word: bigint, little: boolean): void {
  const bytes = Math.min(into.length, 8);
  into.fill(0);
  for (let i = 0; i < bytes; i++) {
    const place = little ? i : bytes - 1 - i;
    into[i] = Number((word >> BigInt(8 * place)) & 0xffn);
  }
}

/** pte_swp_uffd_wp_any(): the bit, or the marker. */
function uffdWp(read: AnyDecoded): boolean {
  return read.uffdWp === true || (read.markers?.includes("uffd-wp") ?? false);
}

const hexText = (word: bigint): string => `0x${word.toString(16)}`;
