import type { ArchBackend, Change } from "@ptekit/core";

/** What moved between two kernels. */
export const diffJson = (from: ArchBackend, to: ArchBackend, moved: readonly Change[]): object => ({
  from: headOf(from),
  to: headOf(to),
  moved,
});

const headOf = ({ arch, kernel, layout, assumed, notes }: ArchBackend): object => ({
  arch,
  kernel: kernel.release,
  layout: layout.id,
  assumed,
  notes,
});
