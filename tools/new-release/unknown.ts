import type { Architecture } from "@ptekit/core";
import type { Tree } from "./tree.ts";

/** The directories of a tree that have page tables, and that no architecture here is of. */
export function unknownArchitectures(archs: readonly Architecture[], tree: Tree): string[] {
  const known = new Set(archs.map(({ header }) => header.split("/")[1]));
  const found = tree
    .list("arch", "/include/asm/pgtable.h")
    .flatMap((file) => /^arch\/([^/]+)\/include\/asm\/pgtable\.h$/.exec(file)?.[1] ?? []);
  return found.filter((arch) => !known.has(arch)).sort();
}
