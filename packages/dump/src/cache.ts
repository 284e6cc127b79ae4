// Blocks that were read lately, in a fixed piece of memory.

/** Keeps blocks by number, each in the one place that its number gives it: nothing to search, nothing to collect. */
export interface BlockCache {
  /** The bytes of a block, if it is held. Good until the next `place`. */
  get(block: number): Uint8Array | null;
  /** Where a block's bytes go; whatever was there is forgotten. Call `keep` once they are right. */
  place(block: number): Uint8Array;
  keep(block: number): void;
}

export function blockCache(blockBytes: number, capacityBytes: number): BlockCache {
  const slots = Math.max(1, Math.floor(capacityBytes / blockBytes));
  const memory = new Uint8Array(slots * blockBytes);
  const held = new Float64Array(slots).fill(-1);
  const bytesOf = (slot: number): Uint8Array => memory.subarray(slot * blockBytes, (slot + 1) * blockBytes);
  return {
    get: (block) => (held[block % slots] === block ? bytesOf(block % slots) : null),
    place: (block) => {
      held[block % slots] = -1;
      return bytesOf(block % slots);
    },
    keep: (block) => {
      held[block % slots] = block;
    },
  };
}
