// Bits of a kernel's entries by what they are for.
import type { ArchBackend, Geometry, Layout, LevelName, PresentLayout } from "@ptekit/core";
import { maskOf } from "@ptekit/core";

const union = (rows: readonly { readonly high: number; readonly low: number }[]): bigint =>
  rows.reduce((mask, row) => mask | maskOf(row), 0n);

/** Bits of a present PTE that this kernel never sets. */
export const unusedOfPresent = ({ fields }: PresentLayout): bigint =>
  union(fields.filter(({ kind }) => kind === "free"));

/** Bits of an upper entry that maps a page of its own which are never set: those, and of the address what is below that page. */
export function unusedOfLeaf(backend: ArchBackend, level: LevelName): bigint {
  const present = level === "pmd" || level === "pud" ? backend.at(level)?.present : null;
  return present == null
    ? 0n
    : unusedOfPresent(present) |
        union(present.fields.filter(({ kind, name }) => kind === "hardware" && BELOW.test(name)));
}

const BELOW = /^address bits below the page$/;

/** Bits of a swap PTE that no field claims, or that must be zero. Hardware may set its own even there. */
export const unusedOfSwap = ({ fields }: Layout): bigint => {
  const used = union(fields.filter(({ kind }) => kind !== "spare" && kind !== "zeros"));
  return union(fields.filter(({ kind }) => kind === "spare" || kind === "zeros")) & ~used;
};

/** The bit of a present PTE that says its page belongs to a device: ZONE_DEVICE, up to 6.15. */
export const deviceBit = ({ present }: ArchBackend): bigint =>
  union((present?.fields ?? []).filter(({ name }) => /DEVMAP/.test(name)));

/** Rows that the kernel sets by the page or what lies around it: a device's, arm64's contiguous ones, riscv's Svnapot. */
const BY_PAGE = /DEVMAP|CONT|NAPOT/;

/**
 * Bits of a present PTE that its area's vm_page_prot decides, whatever happened to the page: not the frame, what is written
 * at an access or at write protection, nor flags. 0 where it is not described how user pages are mapped.
 */
export function fixedOfPresent({ fields, reads, user }: PresentLayout): bigint {
  if (user === undefined) return 0n;
  const { read, write, clean = read, protected: guarded } = user;
  const terms = [reads.write, reads.dirty, reads.young, reads.special ?? []].flat();
  const varying = terms.reduce(
    (mask, term) => mask | term.mask,
    (read ^ write) | (read ^ clean) | (read ^ guarded),
  );
  return (
    union(
      fields.filter(({ kind, name }) => (kind === "hardware" || kind === "software") && !BY_PAGE.test(name)),
    ) & ~varying
  );
}

/** By level: the bits of an entry that leads to a table which may differ from one to the next: its address, and what hardware sets. */
export function addressBitsOf(
  { levels }: Geometry,
  { reads }: PresentLayout,
  smeMask: bigint,
  names: readonly LevelName[],
): Map<LevelName, bigint> {
  // A walk sets the accessed bit of upper entries too, and the kernel clears it to see whether one will.
  const young = [reads.young].flat().reduce((mask, term) => mask | term.mask, 0n);
  return new Map(
    names.map((name, at) => {
      const rows = levels[at]?.entry?.address ?? [];
      return [name, rows.reduce((mask, row) => mask | maskOf(row), young | smeMask)];
    }),
  );
}
