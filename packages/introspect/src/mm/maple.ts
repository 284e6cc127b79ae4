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

/** Reads maple trees; a sentence where the kernel's types have none. */
export function mapleTrees(
  kernel: KernelMemory,
  types: Types,
): ((root: bigint, problem: OnProblem) => Generator<bigint, void, undefined>) | string {
  const range = shapeOf(types, "maple_range_64");
  const arange = shapeOf(types, "maple_arange_64");
  if (range === null || arange === null)
    return "the kernel's types have no maple_range_64 and maple_arange_64";

  return function* entries(root, problem) {
    let left = MOST_NODES;
    const visited = new Set<bigint>();

    function* node(encoded: bigint, depth: number): Generator<bigint, void, undefined> {
      const address = encoded & ~NODE_MASK;
      const kind = (encoded >> 3n) & 15n;
      if (depth > MOST_HEIGHT || visited.has(address) || left-- <= 0)
        return problem("the tree of its areas leads in a circle, or is no tree");
      visited.add(address);
      if (kind !== LEAF_64 && kind !== RANGE_64 && kind !== ARANGE_64)
        return problem(`the tree of its areas has a node of type ${kind}`);
      const shape = kind === ARANGE_64 ? arange : range;
      const bytes = new Uint8Array((shape as NodeShape).bytes);
      const outcome = kernel.read(address, bytes);
      if (outcome !== "read") return problem(`a node of the tree of its areas is ${outcome}`);
      for (const slot of slotsOf(bytes, shape as NodeShape, kernel)) {
        if (kind !== LEAF_64) {
          if (slot !== 0n) yield* node(slot, depth + 1);
        } else if (isPointer(slot)) yield slot;
      }
    }

    if (root === 0n) return;
    // A root that is no node is the one entry of a tree with a single index.
    if ((root & 3n) === 2n && root > 4096n) yield* node(root & ~2n, 0);
    else if (isPointer(root)) yield root;
  };
}

/** Slots up to the last: a pivot of 0 after the first, or the largest index, ends a node. */
function* slotsOf(bytes: Uint8Array, shape: NodeShape, { bits, little }: KernelMemory): Generator<bigint> {
  const view = new DataView(bytes.buffer);
  const word = bits / 8;
  const at = (offset: number): bigint =>
    bits === 64 ? view.getBigUint64(offset, little) : BigInt(view.getUint32(offset, little));
  const largest = BigInt.asUintN(bits, -1n);
  for (let i = 0; i < shape.slots; i++) {
    const pivot = i < shape.pivots ? at(shape.pivotAt + word * i) : largest;
    if (pivot === 0n && i > 0) return;
    yield at(shape.slotAt + word * i);
    if (pivot === largest) return;
  }
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
