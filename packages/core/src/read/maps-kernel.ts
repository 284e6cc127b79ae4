import type { LevelCodec } from "../codec/tables.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { ReadMemory, TreeOptions } from "../interface/walk.ts";
import { requireKernel } from "../util/require.ts";
import { checkRoot, reading, TREE_OPTIONS, treeOf, wasRead } from "./tree.ts";
import { descend } from "./walk.ts";

/**
 * Whether a root leads to the kernel's image by a backend's levels, as every root does on x86_64 and 64-bit riscv: by too
 * many or too few it does not. Null where the root is no way to the kernel, or what it leads to is not described.
 *
 * @throws PtekitError `NO_GEOMETRY`, `BAD_ARGUMENT`, `UNKNOWN_OPTION`.
 */
export function mapsKernel(
  backend: ArchBackend,
  root: bigint,
  read: ReadMemory,
  options: TreeOptions = {},
): boolean | null {
  requireKernel(backend);
  const tree = treeOf(backend, options, TREE_OPTIONS);
  checkRoot(tree, root);
  const { kernelImage } = tree.geometry.root;
  if (kernelImage === undefined) return null;
  const memory = reading(read);
  const { path } = descend(tree, root, kernelImage, memory);
  const at = tree.geometry.levels.length - 2;
  const step = path[at];
  return step !== undefined && hasPage(tree.codecs[at] as LevelCodec, step.table, memory);
}

/** Whether any entry of a table is a page of its own: the image may begin anywhere in what the table spans. */
function hasPage(codec: LevelCodec, table: bigint, read: ReadMemory): boolean {
  const bytes = new Uint8Array(codec.entries * codec.bytes);
  if (!wasRead(read(table, bytes))) return false;
  return Array.from({ length: codec.entries }, (_, i) => codec.kindOf(codec.read(bytes, i))).includes("leaf");
}
