// Bits of a kernel's entries by what they are for.
import type { ArchBackend, Layout, PresentLayout } from "@ptekit/core";
import { maskOf } from "@ptekit/core";

const union = (rows: readonly { readonly high: number; readonly low: number }[]): bigint =>
  rows.reduce((mask, row) => mask | maskOf(row), 0n);

/** Bits of a present PTE that this kernel never sets. */
export const unusedOfPresent = ({ fields }: PresentLayout): bigint =>
  union(fields.filter(({ kind }) => kind === "free"));

/** Bits of a swap PTE that no field claims, or that must be zero. Hardware may set its own even there. */
export const unusedOfSwap = ({ fields }: Layout): bigint => {
  const used = union(fields.filter(({ kind }) => kind !== "spare" && kind !== "zeros"));
  return union(fields.filter(({ kind }) => kind === "spare" || kind === "zeros")) & ~used;
};

/** The bit of a present PTE that says its page belongs to a device: ZONE_DEVICE, up to 6.15. */
export const deviceBit = ({ present }: ArchBackend): bigint =>
  union((present?.fields ?? []).filter(({ name }) => /DEVMAP/.test(name)));
