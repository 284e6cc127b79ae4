import type { TableMemory, TableScan } from "../codec/table-scan.ts";
import { tableMemory, tableScan } from "../codec/table-scan.ts";
import type { LevelCodec } from "../codec/tables.ts";
import { onesMask } from "../data/bits.ts";
import type { Geometry, LevelName } from "../data/geometry.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { EntriesOptions, EntryBlock, ReadMemory, TableProblem } from "../interface/walk.ts";
import { requireKernel } from "../util/require.ts";
import type { FillingBlock } from "./entry-block.ts";
import { blockIn, isEmptyTable } from "./entry-block.ts";
import type { Tree } from "./tree.ts";
import { backendAt, checkRoot, place, reading, reasonOf, TREE_OPTIONS, treeOf, wasRead } from "./tree.ts";
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
  requireKernel(backend);
  const tree = treeOf(backend, options, [...TREE_OPTIONS, "part", "into", "base", "onTable"]);
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
  return stream(tree, root, reading(read), { ...options, part, into, base });
}

const tableBytes = (codec: LevelCodec): number => codec.entries * codec.bytes;

/** An upper table on the way, and how far it was gone through. */
interface Frame {
  readonly at: number;
  readonly table: number;
  /** Virtual address of its first entry. */
  readonly base: bigint;
  /** The next entry. */
  next: number;
  /** The first that is not looked at. */
  readonly end: number;
  /** How much had been found before it. */
  readonly foundBefore: number;
}

/** The tables of an upper level, and the means to look at them. */
interface UpperLevel {
  readonly scan: TableScan;
  /** The lowest name of the level. */
  readonly name: LevelName;
  /** Whether entries of the level that are neither none, tables nor pages are described. */
  readonly reads: boolean;
}

/** What it takes to go through the tables of one address space. */
interface Passage {
  readonly tree: Tree;
  readonly read: ReadMemory;
  readonly block: FillingBlock;
  /** From the root's level down; the table that is gone through at each. */
  readonly levels: readonly UpperLevel[];
  readonly tables: readonly TableMemory[];
  readonly frames: Frame[];
  /** Physical addresses of the tables that were read; of those, the ones that hold nothing. */
  readonly met: Set<number>;
  readonly empty: Set<number>;
  /** How many tables, runs and problems came up. */
  found: number;
}

function* stream(
  tree: Tree,
  root: bigint,
  read: ReadMemory,
  {
    part,
    into,
    base,
    onTable,
    ...options
  }: EntriesOptions & Required<Pick<EntriesOptions, "part" | "into" | "base">>,
): Generator<EntryBlock | TableProblem, void, undefined> {
  const { geometry, codecs } = tree;
  const passage: Passage = {
    tree,
    read,
    block: blockIn(tree, into),
    levels: levelsOf(tree, options),
    tables: codecs.slice(0, -1).map((codec) => tableMemory(tableBytes(codec))),
    frames: [],
    met: new Set(),
    empty: new Set(),
    found: 0,
  };
  const { block, frames } = passage;
  const first = firstLevel(tree, root, read);
  if (typeof first !== "number") {
    const { end, sentence } = first;
    yield { kind: "problem", problem: end, level: "pgd", address: base, entry: null, table: root, sentence };
    return;
  }
  const whole = (codecs[first] as LevelCodec).entries;
  const own = part === "user" ? Math.min(whole, geometry.root.userEntries ?? whole) : whole;
  const wrong = enter(passage, first, Number(root), base, own);
  if (wrong) yield problemAt(wrong, "pgd", base, null, root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const codec = codecs[frame.at] as LevelCodec;
    const { scan, name, reads } = passage.levels[frame.at] as UpperLevel;
    const here = passage.tables[frame.at] as TableMemory;
    const index = scan.nextOf(here, frame.next, frame.end);
    if (index === frame.end) {
      frames.pop();
      if (passage.found === frame.foundBefore) passage.empty.add(frame.table);
      continue;
    }
    const kind = scan.kindOf(here, index);
    const address = addressAt(tree, frame, codec, index);
    frame.next = index + 1;
    let bad: Wrong | null = null;
    let table = 0n;
    if (kind === "table") {
      const below = frame.at + 1;
      const next = codecs[below] as LevelCodec;
      // PTEs are read to where the block goes on: what does not fit, or is of another level, makes room first.
      if (next.level.entry === undefined && !hasRoom(block, below, tableBytes(next))) {
        const full = block.done();
        if (full) yield full;
      }
      const at = scan.below(here, index);
      bad = enter(passage, below, at, address, next.entries);
      table = BigInt(at);
      if (bad === null && onTable !== undefined)
        onTable({ level: name, address, entry: codec.read(new Uint8Array(here.view.buffer), index), table });
    } else if (kind === "leaf" || reads) {
      const end = runEnd(scan, here, index, frame.end);
      const size = (end - index) * codec.bytes;
      if (!hasRoom(block, frame.at, size)) {
        const full = block.done();
        if (full) yield full;
      }
      const from = index * codec.bytes;
      block.room(frame.at, size).set(new Uint8Array(here.view.buffer, from, size));
      block.take({ address, at: BigInt(frame.table + from), count: end - index });
      passage.found++;
      frame.next = end;
    } else {
      table = BigInt(frame.table);
      bad = {
        problem: "bad",
        sentence: `the ${name} entry at ${place(BigInt(frame.table + index * codec.bytes))} is neither none, a table nor a page, and no entry of that level that is known here`,
      };
    }
    if (bad) {
      passage.found++;
      const before = block.done();
      if (before) yield before;
      yield problemAt(bad, name, address, codec.read(new Uint8Array(here.view.buffer), index), table);
    }
  }
  const last = block.done();
  if (last) yield last;
}

/** Made once for the tables of a kernel: an address space of few pages is gone through in less time than that takes. */
function levelsOf(tree: Tree, options: EntriesOptions): readonly UpperLevel[] {
  const before = made.get(tree);
  if (before !== undefined) return before;
  const little = tree.backend.kernel.byteOrder === "little";
  const levels = tree.codecs.flatMap(({ level: { entry } }, at) => {
    if (entry === undefined) return [];
    const name = tree.names[at] as LevelName;
    return [{ scan: tableScan(entry, little, options), name, reads: backendAt(tree.backend, name) !== null }];
  });
  made.set(tree, levels);
  return levels;
}

/** A tree stands for the options that it was made with. */
const made = new WeakMap<Tree, readonly UpperLevel[]>();

const hasRoom = (block: FillingBlock, at: number, bytes: number): boolean =>
  !block.isOther(at) && block.fits(bytes);

/** The end of the entries from there on that are neither none nor tables, and of one kind. */
function runEnd(scan: TableScan, table: TableMemory, from: number, end: number): number {
  const kind = scan.kindOf(table, from);
  let index = from + 1;
  while (index < end && scan.kindOf(table, index) === kind) index++;
  return index;
}

type Wrong = Pick<TableProblem, "problem" | "sentence">;

const problemAt = (
  wrong: Wrong,
  level: LevelName,
  address: bigint,
  entry: bigint | null,
  table: bigint,
): TableProblem => ({
  kind: "problem",
  problem: wrong.problem,
  level,
  address,
  entry,
  table,
  sentence: wrong.sentence,
});

/** Goes down into a table, or says why not. */
function enter(passage: Passage, at: number, table: number, address: bigint, end: number): Wrong | null {
  const { tree, read, block, frames, met, empty } = passage;
  if (met.has(table)) return empty.has(table) ? null : metBefore(frames, table);
  met.add(table);
  const codec = tree.codecs[at] as LevelCodec;
  const isPte = codec.level.entry === undefined;
  const bytes = isPte
    ? block.room(at, tableBytes(codec))
    : new Uint8Array((passage.tables[at] as TableMemory).view.buffer);
  const place = BigInt(table);
  const outcome = read(place, bytes);
  if (!wasRead(outcome)) return unreadable(place, outcome);
  if (!isPte) {
    frames.push({ at, table, base: address, next: 0, end, foundBefore: passage.found });
  } else if (isEmptyTable(tree, bytes)) {
    empty.add(table);
  } else {
    passage.found++;
    block.take({ address, at: place, count: codec.entries });
  }
  return null;
}

function metBefore(frames: readonly Frame[], table: number): Wrong {
  const at = place(BigInt(table));
  return frames.some((frame) => frame.table === table)
    ? { problem: "cycle", sentence: `the entry leads back to the table at ${at}, which is above it` }
    : { problem: "shared", sentence: `the entry leads to the table at ${at}, as another did before` };
}

const unreadable = (table: bigint, outcome: boolean | string): Wrong => ({
  problem: "unreadable",
  sentence: `the table at ${place(table)} is not in this memory${reasonOf(outcome)}`,
});

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
