/** How many different values tell, and how many of them are looked at. */
const ENOUGH = 16;
const MOST = 512;

/**
 * Whether bytes are words of /proc/PID/pagemap, and no page-table entries: 64 bits each, in either byte order.
 *
 * See pte_to_pagemap_entry() in fs/proc/task_mmu.c (as of Linux v7.2): bit 63 (present) or bit 62 (swap) is set and
 * never both, bits 60:59 are clear. What no architecture's page table has: the page frame begins at bit 0, so the lowest
 * bits are as good as random, where an entry has its flags; or the reader may not see it, and all 55 bits are clear.
 */
export function isPagemap(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length - (bytes.length % 8));
  return isOf(view, true) || isOf(view, false);
}

function isOf(view: DataView, little: boolean): boolean {
  const seen = new Set<bigint>();
  const lowest = new Set<number>();
  let words = 0;
  let hidden = 0;
  for (let at = 0; at < view.byteLength && seen.size < MOST; at += 8) {
    const word = view.getBigUint64(at, little);
    if (word === 0n) continue;
    const state = Number(word >> 62n);
    const isFree = (word & ((1n << 55n) - 1n)) === 0n;
    // A page that is not there may have flags: soft-dirty, uffd-wp, guard.
    if (state === 3 || (state === 0 && !isFree) || ((word >> 59n) & 3n) !== 0n) return false;
    words++;
    if (isFree) hidden++;
    seen.add(word);
    lowest.add(Number(word & 0xfffn));
  }
  // In page tables of running kernels the lowest 12 bits take at most ten values, in their pagemaps hundreds.
  return hidden === words ? words >= ENOUGH : lowest.size >= ENOUGH && lowest.size * 8 > seen.size;
}
