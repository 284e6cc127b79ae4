import type { ArchBackend, Walk } from "@ptekit/core";
import { hex, longBitsOf, shortHex, toJson } from "@ptekit/core";

/** The way from the root of a page table to an address's entry. */
export function walkJson(backend: ArchBackend, { path, physical, ...rest }: Walk): object {
  return {
    ...rest,
    address: hex(rest.address, longBitsOf(backend.layout)),
    root: shortHex(rest.root),
    physical: physical === null ? null : shortHex(physical),
    span: shortHex(rest.span),
    path: path.map(({ decoded, ...step }) => ({
      ...step,
      table: shortHex(step.table),
      at: shortHex(step.at),
      entry: shortHex(step.entry),
      decoded: decoded && toJson(decoded),
    })),
  };
}
