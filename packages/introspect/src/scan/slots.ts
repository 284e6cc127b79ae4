// How often each swap slot is named by an entry: a slot has as many users as its swap_map counts, and no more.
import type { SwapDevice } from "../mm/swap.ts";

/** Counts are kept a block of slots at a time, for so many blocks: the slots of 256 GiB of swap. */
const BLOCK = 4096;
const MOST_BLOCKS = 2 ** 14;
/** Of include/linux/swap.h: what counts from there on is no count, or goes on elsewhere. */
const SWAP_MAP_MAX = 0x3e;

/** Counts an entry that names a slot, of which `uses` is its swap_map's count; whether that is more entries than users. */
export type SlotCounter = (device: SwapDevice, offset: number, uses: number) => boolean;

export function slotCounter(): SlotCounter {
  const devices = new Map<number, Map<number, Uint8Array>>();
  let blocks = 0;
  return ({ type }, offset, uses) => {
    if (uses >= SWAP_MAP_MAX) return false;
    let ofDevice = devices.get(type);
    if (ofDevice === undefined) {
      ofDevice = new Map();
      devices.set(type, ofDevice);
    }
    const number = Math.floor(offset / BLOCK);
    let block = ofDevice.get(number);
    if (block === undefined) {
      if (blocks++ >= MOST_BLOCKS) return false;
      block = new Uint8Array(BLOCK);
      ofDevice.set(number, block);
    }
    const named = Math.min((block[offset % BLOCK] as number) + 1, 255);
    block[offset % BLOCK] = named;
    return named > uses;
  };
}
