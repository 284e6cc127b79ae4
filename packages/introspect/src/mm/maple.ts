// A maple tree: the entries of its leaves in order. See include/linux/maple_tree.h.
import type { Types } from "../btf/types.ts";
import type { KernelMemory } from "../virtual.ts";

/** enum maple_type, in bits 6:3 of a node's encoded address. */
const LEAF_64 = 1n;
const RANGE_64 = 2n;
const ARANGE_64 = 3n;
/** Nodes are aligned to 256 bytes; the bits below say what they are. */
const NODE_MASK = 0xffn;
/** MAPLE_HEIGHT_MAX. */
const MOST_HEIGHT = 31;
/** sysctl max_map_count can be raised; a node holds ten entries at least. */
const MOST_NODES = 2 ** 22;

interface NodeShape {
  readonly pivots: number;
  readonly slots: number;
  readonly pivotAt: number;
  readonly slotAt: number;
  readonly bytes: number;
}

/** What stands in the way of a tree, told once. */
export type OnProblem = (sentence: string) => void;

/** Goes through the entries of a tree's leaves in order, until `visit` says false. */
export type MapleTrees = (root: bigint, visit: (entry: bigint) => boolean, problem: OnProblem) => void;

/** Reads maple trees; a sentence where the kernel's types have none. */
export function mapleTrees(kernel: KernelMemory, types: Types): MapleTrees | string {
  const range = shapeOf(types, "maple_range_64");
  const arange = shapeOf(types, "maple_arange_64");
  if (range === null || arange === null)
    return "the kernel's types have no maple_range_64 and maple_arange_64";
  const most = Math.max(range.bytes, arange.bytes);
  const { bits, little } = kernel;
  const word = bits / 8;
  const largest = bits === 64 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  /** A node at each height: those above it are gone through while it is. */
  const nodes: DataView[] = [];
  const wordAt = (node: DataView, offset: number): bigint =>
    bits === 64 ? node.getBigUint64(offset, little) : BigInt(node.getUint32(offset, little));

  return (root, visit, problem) => {
    let left = MOST_NODES;
    const visited = new Set<bigint>();

    /** Whether to go on. */
    const enter = (encoded: bigint, depth: number): boolean => {
      const address = encoded & ~NODE_MASK;
      const kind = (encoded >> 3n) & 15n;
      if (depth > MOST_HEIGHT || visited.has(address) || left-- <= 0) {
        problem("the tree of its areas leads in a circle, or is no tree");
        return true;
      }
      visited.add(address);
      if (kind !== LEAF_64 && kind !== RANGE_64 && kind !== ARANGE_64) {
        problem(`the tree of its areas has a node of type ${kind}`);
        return true;
      }
      const { pivots, pivotAt, slots, slotAt, bytes } = kind === ARANGE_64 ? arange : range;
      const node = nodes[depth] ?? new DataView(new ArrayBuffer(most));
      nodes[depth] = node;
      const outcome = kernel.read(address, new Uint8Array(node.buffer, 0, bytes));
      if (outcome !== "read") {
        problem(`a node of the tree of its areas is ${outcome}`);
        return true;
      }
      const isLeaf = kind === LEAF_64;
      // Slots up to the last: a pivot of 0 after the first, or the largest index, ends a node.
      for (let i = 0; i < slots; i++) {
        const pivot = i < pivots ? wordAt(node, pivotAt + word * i) : largest;
        if (pivot === 0n && i > 0) break;
        const slot = wordAt(node, slotAt + word * i);
        if (isLeaf ? isPointer(slot) && !visit(slot) : slot !== 0n && !enter(slot, depth + 1)) return false;
        if (pivot === largest) break;
      }
      return true;
    };

    if (root === 0n) return;
    // A root that is no node is the one entry of a tree with a single index.
    if ((root & 3n) === 2n && root > 4096n) enter(root & ~2n, 0);
    else if (isPointer(root)) visit(root);
  };
}

/** Values below a page, and with low bits set, are the tree's own marks. */
const isPointer = (slot: bigint): boolean => slot > 4096n && (slot & 3n) === 0n;

function shapeOf(types: Types, name: string): NodeShape | null {
  const pivot = types.member(name, "pivot");
  const slot = types.member(name, "slot");
  if (pivot?.elements == null || slot?.elements == null) return null;
  const bytes = Math.max(pivot.offset + pivot.size, slot.offset + slot.size);
  if (bytes > 4096) return null;
  return { pivots: pivot.elements, slots: slot.elements, pivotAt: pivot.offset, slotAt: slot.offset, bytes };
}
