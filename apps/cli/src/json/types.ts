import type { ArchBackend } from "@ptekit/core";
import { hex } from "@ptekit/core";

/** The swap types of a kernel, and its marker bits. */
export const typesJson = (backend: ArchBackend): object => ({
  arch: backend.arch,
  kernel: backend.kernel.release,
  assumed: backend.assumed,
  notes: backend.notes,
  maxSwapfiles: backend.types.maxSwapfiles,
  types: backend.types.special,
  markers: backend.types.markers.map((marker) => ({
    ...marker,
    value: Number(marker.value),
    pte: markerPte(backend, marker.value),
  })),
});

/** The PTE of a marker bit. */
export function markerPte(backend: ArchBackend, value: bigint): string {
  const type = backend.types.special.find(({ name }) => name === "marker")?.type ?? 0;
  return hex(backend.encode({ type, offset: value }), backend.layout.pteBits);
}
