import fs from "node:fs";
import { bytesText } from "@ptekit/core";
import { errnoOf, NoError, reasonOf } from "../errors.ts";
import type { Counts } from "./count.ts";
import { addBlock, noCounts } from "./count.ts";
import type { Counted, Mapping } from "./maps.ts";
import { parseMaps, readSmaps } from "./maps.ts";

/** What to look at. */
export interface Request {
  /** Where proc is mounted. */
  readonly proc: string;
  readonly pid: string;
  readonly pageBytes: bigint;
  /** The addresses to look at; absent: all. */
  readonly range?: { readonly start: bigint; readonly end: bigint };
  /** The number of the marker type on this kernel; -1: it has none. */
  readonly markerType: number;
}

/** One mapping and its pages. */
export interface Surveyed extends Mapping {
  readonly counts: Counts;
  /** What was not read, and why; null where all was. */
  readonly left: string | null;
}

const ENTRY = 8n;
const BLOCK_PAGES = 1n << 16n;
/** Mappings beyond this many pages are read only as far as smaps says that something is there. */
const LARGE_PAGES = 1n << 22n;
/** At most this many pages of one mapping are read. */
const MOST_PAGES = 1n << 30n;

/** Every mapping of a process with its pages counted, one after the other. */
export function* survey(request: Request, progress: (text: string) => void): Generator<Surveyed> {
  const folder = `${request.proc}/${request.pid}`;
  const maps = readProc(request, `${folder}/maps`);
  const mappings = parseMaps(maps).flatMap((mapping) => clipped(mapping, request));
  const total = mappings.reduce((bytes, { start, end }) => bytes + (end - start), 0n);
  const smaps = lazily(() => readSmaps(`${folder}/smaps`));
  const fd = openPagemap(request, `${folder}/pagemap`);
  const reader = blockReader(fd, request, progress, total);
  try {
    for (const mapping of mappings) {
      const large = (mapping.end - mapping.start) / request.pageBytes > LARGE_PAGES;
      // smaps counts whole mappings: of a part of one it says nothing.
      const counted = large && !request.range ? smaps()?.get(mapping.start) : undefined;
      const surveyed = reader(mapping, counted);
      // The pagemap of a process that ended, or runs another program, reads as empty: half a sum is none.
      if (surveyed.ends && mapsOf(`${folder}/maps`) !== maps)
        throw new NoError("the process ended while it was read");
      yield surveyed;
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** The mappings as they are now; null where the process is gone. */
function mapsOf(path: string): string | null {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** The part of a mapping that was asked for. */
function clipped(mapping: Mapping, { range }: Request): Mapping[] {
  if (!range) return [mapping];
  let { start, end } = mapping;
  if (start < range.start) start = range.start;
  if (end > range.end) end = range.end;
  return start < end ? [{ ...mapping, start, end }] : [];
}

function readProc(request: Request, path: string): string {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (error) {
    throw refusal(request, path, error);
  }
}

function openPagemap(request: Request, path: string): number {
  try {
    return fs.openSync(path, "r");
  } catch (error) {
    throw refusal(request, path, error);
  }
}

function refusal(request: Request, path: string, error: unknown): NoError {
  const code = errnoOf(error);
  if (code === "ENOENT" && !fs.existsSync(`${request.proc}/${request.pid}`))
    return new NoError(`no process ${request.pid}`);
  // A zombie, and a kernel's thread, have no memory of their own.
  if (code === "ESRCH")
    return new NoError(
      `process ${request.pid} has no memory: it ended and waits for its parent, or it is the kernel's`,
    );
  return new NoError(
    `cannot read ${path}: ${code === "EACCES" || code === "EPERM" ? "permission denied; the process is not yours" : reasonOf(error)}`,
  );
}

type Reader = (mapping: Mapping, counted: Counted | undefined) => Surveyed & { readonly ends: boolean };

function blockReader(
  fd: number,
  { pageBytes, markerType }: Request,
  progress: (text: string) => void,
  total: bigint,
): Reader {
  const buffer = Buffer.alloc(Number(BLOCK_PAGES * ENTRY));
  const empty = Buffer.alloc(buffer.length);
  const words = new Uint32Array(buffer.buffer, buffer.byteOffset, buffer.length / 4);
  let before = 0n;
  let shown = Date.now();
  return (mapping, counted) => {
    const counts = noCounts();
    const pages = (mapping.end - mapping.start) / pageBytes;
    const first = mapping.start / pageBytes;
    const wanted = counted === undefined ? null : (counted.resident + counted.swapped) / pageBytes;
    let done = 0n;
    let left: string | null = null;
    let ends = false;
    while (done < pages) {
      const rest = (pages - done) * pageBytes;
      if (wanted !== null && BigInt(counts.present + counts.swapped) >= wanted) {
        left = `${bytesText(rest)} not read: smaps counts nothing more there`;
        break;
      }
      if (done >= MOST_PAGES) {
        left = `${bytesText(rest)} not read: too large; --range START-END reads a part`;
        break;
      }
      const size = read(fd, buffer, pages - done < BLOCK_PAGES ? pages - done : BLOCK_PAGES, first + done);
      if (size === 0) {
        ends = mapping.name !== "[vsyscall]";
        left = ends ? `${bytesText(rest)} not read: pagemap ends before` : "outside of what pagemap shows";
        break;
      }
      // Most of a sparse mapping is holes: comparing whole blocks with zeros skips them at memory speed.
      if (buffer.compare(empty, 0, size, 0, size) !== 0)
        addBlock(counts, words.subarray(0, size / 4), markerType);
      done += BigInt(size) / ENTRY;
      if (Date.now() - shown > 100) {
        shown = Date.now();
        progress(`read ${bytesText(before + done * pageBytes)} of ${bytesText(total)} of address space`);
      }
    }
    before += mapping.end - mapping.start;
    return { ...mapping, counts, left, ends };
  };
}

/** Bytes read of `pages` entries from page number `first` on; 0 where pagemap has none. */
function read(fd: number, buffer: Buffer, pages: bigint, first: bigint): number {
  try {
    const size = fs.readSync(fd, buffer, 0, Number(pages * ENTRY), first * ENTRY);
    return size - (size % Number(ENTRY));
  } catch (error) {
    // Addresses above the user's half (vsyscall) are no valid file position.
    if (["EINVAL", "EIO", "EFAULT", "ERR_OUT_OF_RANGE"].includes(errnoOf(error))) return 0;
    if (errnoOf(error) === "ESRCH") throw new NoError("the process ended while it was read");
    throw new NoError(`cannot read pagemap: ${reasonOf(error)}`);
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
