import { halvesAddress } from "../codec/address.ts";
import { testOf } from "../codec/gather.ts";
import type { LevelCodec } from "../codec/tables.ts";
import { rootLevelOf } from "../codec/tables.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { FoundRoot, KnownPage, ReadMemory, SearchableMemory, TreeOptions } from "../interface/walk.ts";
import { requireKernel } from "../util/require.ts";
import type { Tree } from "./tree.ts";
import { reading, TREE_OPTIONS, treeOf, wasRead } from "./tree.ts";
import { descend } from "./walk.ts";

const CHUNK = 2 ** 20;
const PIECE = 2 ** 12;

/**
 * The root of the address space in which pages are known, without a register: the aligned address from which the walk of
 * every page gives its frame. Twenty pages or more, of several mappings, leave one; frames that other address spaces map
 * at the same addresses (a child's) leave several.
 *
 * @param pages present pages; at least one. Frames that pagemap did not say tell nothing.
 * @throws PtekitError `NO_GEOMETRY`, `NO_PRESENT_LAYOUT`, `BAD_ARGUMENT`, `UNKNOWN_OPTION`.
 */
export function findRoot(
  backend: ArchBackend,
  memory: SearchableMemory,
  pages: readonly KnownPage[],
  options: TreeOptions = {},
): FoundRoot {
  requireKernel(backend);
  const tree = treeOf(backend, options, TREE_OPTIONS);
  const { id } = backend.layout;
  if (backend.present === null) {
    throw new PtekitError(
      "NO_PRESENT_LAYOUT",
      `${id}: present PTEs are not described, and only their frames tell a root`,
    );
  }
  const [first] = pages;
  if (first === undefined)
    throw new PtekitError("BAD_ARGUMENT", `${id}: without a known page there is no root to find`);
  const read = reading((address, into) => memory.read(address, into));
  const candidates: bigint[] = [];
  for (const root of likelyRoots(tree, memory, read, first, options)) {
    if (pages.every((page) => leadsTo(tree, root, page, read))) candidates.push(root);
  }
  return { root: theOne(tree, candidates), candidates };
}

function leadsTo(tree: Tree, root: bigint, page: KnownPage, read: ReadMemory): boolean {
  const { physical } = descend(tree, root, page.address, read);
  return physical !== null && physical >> BigInt(tree.backend.kernel.pageShift) === page.pfn;
}

/** Of a root and its copy, the one that is no copy. */
function theOne({ geometry }: Tree, candidates: readonly bigint[]): bigint | null {
  const flip = geometry.root.copy?.flip ?? 0n;
  const isCopy = (root: bigint): boolean => (root & flip) !== 0n && candidates.includes(root ^ flip);
  const own = candidates.filter((root) => !isCopy(root));
  return own.length === 1 ? (own[0] as bigint) : null;
}

/** The aligned addresses whose entry for a page leads to memory. */
function* likelyRoots(
  tree: Tree,
  memory: SearchableMemory,
  read: ReadMemory,
  page: KnownPage,
  options: TreeOptions,
): Generator<bigint, void, undefined> {
  const { align } = tree.geometry.root;
  const isTagged = tree.geometry.rootIsTagged === true;
  const top = tree.codecs[0] as LevelCodec;
  const within = BigInt(isTagged ? 0 : top.indexOf(page.address) * top.bytes);
  const leads = isTagged ? hasTag(tree) : leadsOn(tree, top, memory, options);
  for (const { start, end } of memory.ranges) {
    for (const { address, bytes } of pieces(start, end, read)) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const behind = Number((address - within) % BigInt(align));
      const skip = behind > 0 ? align - behind : -behind;
      for (let at = skip; at + top.bytes <= bytes.length; at += align) {
        if (!leads(view, at)) continue;
        const root = address + BigInt(at) - within;
        if (root >= start) yield root;
      }
    }
  }
}

type Leads = (view: DataView, at: number) => boolean;

function hasTag({ geometry, codecs }: Tree): Leads {
  const top = codecs[0] as LevelCodec;
  return (view, at) => {
    const first = top.read(new Uint8Array(view.buffer, view.byteOffset + at, top.bytes), 0);
    return rootLevelOf(geometry, first) !== null;
  };
}

/** Whether an entry is a page, or the address of a table in memory. */
function leadsOn(tree: Tree, top: LevelCodec, { ranges }: SearchableMemory, options: TreeOptions): Leads {
  const entry = top.level.entry as NonNullable<LevelCodec["level"]["entry"]>;
  const little = tree.backend.kernel.byteOrder === "little";
  const wide = entry.bytes === 8;
  const isTable = testOf(entry.table);
  const isLeaf = entry.leaf === undefined ? () => false : testOf(entry.leaf);
  const isNone = testOf(entry.none);
  const linear = entry.linear === undefined ? 0n : (options.linear ?? entry.linear);
  const below = halvesAddress(entry, options.smeMask ?? 0n, linear);
  const there = ranges.map(({ start, end }) => [Number(start), Number(end)] as const);
  return (view, at) => {
    const first = view.getUint32(at, little);
    const second = wide ? view.getUint32(at + 4, little) : 0;
    const low = little || !wide ? first : second;
    const high = little || !wide ? second : first;
    if (isNone(low, high)) return false;
    if (!isTable(low, high)) return isLeaf(low, high);
    const address = below(low, high);
    return there.some(([start, end]) => address >= start && address < end);
  };
}

/** What there is of a range, in large parts; where one of them is not there, what there is of it in small ones. */
function* pieces(
  start: bigint,
  end: bigint,
  read: ReadMemory,
): Generator<{ readonly address: bigint; readonly bytes: Uint8Array }, void, undefined> {
  const buffer = new Uint8Array(CHUNK);
  for (let address = start; address < end; address += BigInt(CHUNK)) {
    const whole = buffer.subarray(0, Math.min(CHUNK, Number(end - address)));
    if (wasRead(read(address, whole))) {
      yield { address, bytes: whole };
      continue;
    }
    for (let at = 0; at < whole.length; at += PIECE) {
      const bytes = whole.subarray(at, at + PIECE);
      if (wasRead(read(address + BigInt(at), bytes))) yield { address: address + BigInt(at), bytes };
    }
  }
}
