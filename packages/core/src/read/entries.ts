import type { LevelCodec } from "../codec/tables.ts";
import { onesMask } from "../data/bits.ts";
import type { Geometry, LevelName } from "../data/geometry.ts";
import { emptyPte } from "../data/layout.ts";
import { matches } from "../data/predicate.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { EntriesOptions, EntryBlock, EntryRun, ReadMemory, TableProblem } from "../interface/walk.ts";
import type { Tree } from "./tree.ts";
import {
  backendAt,
  checkRoot,
  lowestName,
  place,
  reading,
  reasonOf,
  TREE_OPTIONS,
  treeOf,
  wasRead,
} from "./tree.ts";
import { firstLevel } from "./walk.ts";

const OWN_MEMORY = 2 ** 20;

/**
 * Every page, and every entry that is not present, of an address space, lowest address first: whole tables of PTEs, and
 * of upper levels the runs of entries that are no tables, read into the caller's memory block by block. Each block holds
 * entries of one level. A table of nothing but empty entries is left out; a table that cannot be followed, or was met
 * before, comes as a problem in its place.
 *
 * ```ts
 * const memory = decoder.memory(2 ** 16);
 * for (const part of entries(backend, root, read, { into: memory.bytes })) {
 *   if (part.kind === "entries" && part.level === "pte") counter.add(part.bytes);
 * }
 * ```
 *
 * @throws PtekitError `NO_GEOMETRY`, `BAD_ARGUMENT`, `UNKNOWN_OPTION`; before the first block.
 */
export function entries(
  backend: ArchBackend,
  root: bigint,
  read: ReadMemory,
  options: EntriesOptions = {},
): Generator<EntryBlock | TableProblem, void, undefined> {
  const tree = treeOf(backend, options, [...TREE_OPTIONS, "part", "into", "base"]);
  checkRoot(tree, root);
  const { part = "user", into = new Uint8Array(OWN_MEMORY), base = 0n } = options;
  if (part !== "user" && part !== "all") {
    throw new PtekitError("UNKNOWN_OPTION", `part is "user" or "all", not ${String(part)}`);
  }
  const most = Math.max(...tree.codecs.map(tableBytes));
  if (!(into instanceof Uint8Array) || into.length < most) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${backend.layout.id}: a table has ${most} bytes, and \`into\` is no Uint8Array of so many`,
    );
  }
  return stream(tree, root, reading(read), { part, into, base });
}

const tableBytes = (codec: LevelCodec): number => codec.entries * codec.bytes;

/** An upper table on the way, and how far it was gone through. */
interface Frame {
  readonly at: number;
  readonly table: bigint;
  /** Virtual address of its first entry. */
  readonly base: bigint;
  readonly bytes: Uint8Array;
  /** The next entry. */
  next: number;
  /** The first that is not looked at. */
  readonly end: number;
  /** How much had been found before it. */
  readonly foundBefore: number;
}

function* stream(
  tree: Tree,
  root: bigint,
  read: ReadMemory,
  { part, into, base }: Required<Pick<EntriesOptions, "part" | "into" | "base">>,
): Generator<EntryBlock | TableProblem, void, undefined> {
  const { geometry, codecs } = tree;
  const block = blockIn(tree, into);
  const first = firstLevel(tree, root, read);
  if (typeof first !== "number") {
    yield {
      kind: "problem",
      problem: first.end,
      level: "pgd",
      address: base,
      entry: null,
      table: root,
      sentence: first.sentence,
    };
    return;
  }
  const scratch = codecs.map((codec) => new Uint8Array(tableBytes(codec)));
  const met = new Set<bigint>();
  const empty = new Set<bigint>();
  const frames: Frame[] = [];
  let found = 0;

  /** Goes down into a table, or says why not. */
  const enter = (
    at: number,
    table: bigint,
    address: bigint,
    by: { level: LevelName; entry: bigint | null },
  ): TableProblem | null => {
    const problem = (what: TableProblem["problem"], sentence: string): TableProblem => ({
      kind: "problem",
      problem: what,
      ...by,
      address,
      table,
      sentence,
    });
    if (met.has(table)) {
      if (empty.has(table)) return null;
      const above = frames.some((frame) => frame.table === table);
      return above
        ? problem(
            "cycle",
            `the ${by.level} entry leads back to the table at ${place(table)}, which is above it`,
          )
        : problem(
            "shared",
            `the ${by.level} entry leads to the table at ${place(table)}, as another entry did before`,
          );
    }
    met.add(table);
    const codec = codecs[at] as LevelCodec;
    const isPte = codec.level.entry === undefined;
    const bytes = isPte ? block.room(at, tableBytes(codec)) : (scratch[at] as Uint8Array);
    const outcome = read(table, bytes);
    if (!wasRead(outcome)) {
      return problem("unreadable", `the table at ${place(table)} is not in this memory${reasonOf(outcome)}`);
    }
    if (isPte) {
      if (isEmpty(tree, bytes)) empty.add(table);
      else {
        found++;
        block.take(at, { address, at: table, count: codec.entries });
      }
      return null;
    }
    const end =
      frames.length === 0 && part === "user" ? (geometry.root.userEntries ?? codec.entries) : codec.entries;
    frames.push({
      at,
      table,
      base: address,
      bytes,
      next: 0,
      end: Math.min(end, codec.entries),
      foundBefore: found,
    });
    return null;
  };

  // A table of PTEs is read to where the block goes on: what does not fit, or is of another level, makes room first.
  const mustYield = (at: number): boolean =>
    block.isOther(at) || !block.fits(tableBytes(codecs[at] as LevelCodec));

  const rootProblem = enter(first, root, base, { level: "pgd", entry: null });
  if (rootProblem) yield rootProblem;
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const codec = codecs[frame.at] as LevelCodec;
    const name = lowestName(geometry, frame.at);
    const reads = backendAt(tree.backend, name) !== null;
    const scan = scanner(codec, frame.bytes);
    let goneDown = false;
    while (frame.next < frame.end) {
      const index = scan.nextNotNone(frame.next, frame.end);
      frame.next = index;
      if (index === frame.end) break;
      const entry = codec.read(frame.bytes, index);
      const kind = codec.kindOf(entry);
      const address = addressAt(tree, frame, codec, index);
      if (kind === "table") {
        frame.next = index + 1;
        const below = frame.at + 1;
        if ((codecs[below] as LevelCodec).level.entry === undefined && mustYield(below)) {
          const full = block.done();
          if (full) yield full;
        }
        const depth = frames.length;
        const problem = enter(below, codec.below(entry), address, { level: name, entry });
        if (problem) {
          found++;
          const before = block.done();
          if (before) yield before;
          yield problem;
        }
        if (frames.length > depth) {
          goneDown = true;
          break;
        }
      } else if (kind === "leaf" || reads) {
        const count = scan.runFrom(index, frame.end);
        if (block.isOther(frame.at) || !block.fits(count * codec.bytes)) {
          const full = block.done();
          if (full) yield full;
        }
        block
          .room(frame.at, count * codec.bytes)
          .set(frame.bytes.subarray(index * codec.bytes, (index + count) * codec.bytes));
        block.take(frame.at, { address, at: frame.table + BigInt(index * codec.bytes), count });
        found++;
        frame.next = index + count;
      } else {
        found++;
        frame.next = index + 1;
        const before = block.done();
        if (before) yield before;
        yield {
          kind: "problem",
          problem: "bad",
          level: name,
          address,
          entry,
          table: frame.table,
          sentence: `the ${name} entry at ${place(frame.table + BigInt(index * codec.bytes))} is neither none, a table nor a page, and no entry of that level that is known here`,
        };
      }
    }
    if (goneDown) continue;
    frames.pop();
    if (found === frame.foundBefore) empty.add(frame.table);
  }
  const last = block.done();
  if (last) yield last;
}

/** The virtual address of an entry of a table. */
function addressAt(tree: Tree, frame: Frame, { level }: LevelCodec, index: number): bigint {
  const { shift, indexBits, region } = level;
  if (region !== undefined) {
    const low = BigInt(index) & onesMask(indexBits);
    return (
      frame.base | ((BigInt(index) >> BigInt(indexBits)) << BigInt(region.shift)) | (low << BigInt(shift))
    );
  }
  const address = frame.base + (BigInt(index) << BigInt(shift));
  const { userEntries = Number.POSITIVE_INFINITY } = tree.geometry.root;
  const isKernels = frame.at === 0 && index >= userEntries && tree.addressWidth === 64;
  return isKernels ? extended(tree.geometry, address) : address;
}

/** An address of the kernel's half, with the bits above those that the tables translate. */
function extended(geometry: Geometry, address: bigint): bigint {
  const [top] = geometry.levels as [Geometry["levels"][0]];
  const bits = top.shift + top.indexBits;
  const above = geometry.kernelBase ?? onesMask(64);
  return address | ((above >> BigInt(bits)) << BigInt(bits));
}

/** The block that is being filled. */
function blockIn(tree: Tree, into: Uint8Array) {
  let runs: EntryRun[] = [];
  let used = 0;
  let count = 0;
  let level = -1;
  return {
    isOther: (at: number): boolean => runs.length > 0 && at !== level,
    fits: (bytes: number): boolean => used + bytes <= into.length,
    /** Where the next entries go. */
    room: (at: number, bytes: number): Uint8Array => {
      level = at;
      return into.subarray(used, used + bytes);
    },
    take(at: number, run: Omit<EntryRun, "first">): void {
      runs.push({ ...run, first: count });
      count += run.count;
      used += run.count * (tree.codecs[at] as LevelCodec).bytes;
    },
    /** The block, if there is anything in it; a new one begins. */
    done(): EntryBlock | null {
      if (runs.length === 0) return null;
      const codec = tree.codecs[level] as LevelCodec;
      const full: EntryBlock = {
        kind: "entries",
        level: lowestName(tree.geometry, level),
        span: 1n << BigInt(codec.level.shift),
        bytes: into.subarray(0, used),
        count,
        runs,
      };
      runs = [];
      used = 0;
      count = 0;
      return full;
    },
  };
}

/** Whether a table of PTEs has one and the same empty word everywhere. */
function isEmpty({ backend, codecs }: Tree, bytes: Uint8Array): boolean {
  const words = wordsOf(bytes);
  const pte = codecs.at(-1) as LevelCodec;
  const step = pte.bytes / 4;
  for (let i = step; i < words.length; i++) if (words[i] !== words[i % step]) return false;
  const first = pte.read(bytes, 0);
  return first === emptyPte(backend.layout) || matches(backend.layout.none, first);
}

/** Looks through an upper table: most of its entries are none, and most of those are the same word. */
function scanner(codec: LevelCodec, bytes: Uint8Array) {
  const words = wordsOf(bytes);
  const wide = codec.bytes === 8;
  let low = 0;
  let high = 0;
  let known = codec.kindOf(0n) === "none";
  const isNone = (index: number): boolean => {
    const a = words[wide ? 2 * index : index] as number;
    const b = wide ? (words[2 * index + 1] as number) : 0;
    if (known && a === low && b === high) return true;
    if (codec.kindOf(codec.read(bytes, index)) !== "none") return false;
    low = a;
    high = b;
    known = true;
    return true;
  };
  return {
    nextNotNone(from: number, end: number): number {
      let index = from;
      while (index < end && isNone(index)) index++;
      return index;
    },
    /** How many entries from there on are neither none nor tables, and of one kind. */
    runFrom(from: number, end: number): number {
      let index = from + 1;
      const kind = codec.kindOf(codec.read(bytes, from));
      while (index < end && !isNone(index) && codec.kindOf(codec.read(bytes, index)) === kind) index++;
      return index - from;
    },
  };
}

/** The bytes as numbers, whatever their order: only whether they are the same matters. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return bytes.byteOffset % 4 === 0
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : new Uint32Array(bytes.slice().buffer);
}
