import type { EntryKind, LevelCodec } from "../codec/tables.ts";
import { covers, rootLevelOf } from "../codec/tables.ts";
import { onesMask } from "../data/bits.ts";
import type { LevelName } from "../data/geometry.ts";
import { namesOf } from "../data/geometry.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { Decoded } from "../interface/decoded.ts";
import type { ReadMemory, StepKind, TreeOptions, Walk, WalkEnd, WalkStep } from "../interface/walk.ts";
import { requireKernel } from "../util/require.ts";
import type { Tree } from "./tree.ts";
import {
  backendAt,
  checkRoot,
  lowestName,
  place,
  reading,
  reasonOf,
  TREE_OPTIONS,
  treeOf,
  wasRead,
} from "./tree.ts";

/**
 * The path from a root to the entry of a virtual address, level by level. Tables that lie, and memory that is not there,
 * end the walk with a value that says so.
 *
 * @param root physical address of the root table (mm->pgd, CR3, TTBR0, satp …, without their other bits).
 * @param address virtual address.
 * @throws PtekitError `NO_GEOMETRY`, `BAD_ARGUMENT`, `UNKNOWN_OPTION`.
 */
export function walk(
  backend: ArchBackend,
  root: bigint,
  address: bigint,
  read: ReadMemory,
  options: TreeOptions = {},
): Walk {
  requireKernel(backend);
  const tree = treeOf(backend, options, TREE_OPTIONS);
  checkRoot(tree, root);
  if (typeof address !== "bigint" || address < 0n) {
    throw new PtekitError("BAD_ARGUMENT", `${backend.layout.id}: an address is a bigint from 0 on`);
  }
  const assumed = backend.geometry?.assumed ?? [];
  return { address, root, ...descend(tree, root, address, reading(read)), assumed };
}

/** What a walk finds out. */
type Way = Pick<Walk, "path" | "end" | "sentence" | "physical" | "span">;

/** The walk itself, of arguments that were checked. */
export function descend(tree: Tree, root: bigint, address: bigint, read: ReadMemory): Way {
  const path: WalkStep[] = [];
  const cut = (end: WalkEnd, sentence: string): Way => ({ path, end, sentence, physical: null, span: 0n });
  const first = firstLevel(tree, root, read);
  if (typeof first !== "number") return cut(first.end, first.sentence);
  if (!covers(tree.geometry, first, address, tree.addressWidth)) {
    return cut("outside", "the tables do not translate such an address");
  }
  let table = root;
  for (let at = first; ; at++) {
    if (path.some((step) => step.table === table)) {
      return cut("cycle", `the ${path.at(-1)?.level} entry leads back to the table at ${place(table)}`);
    }
    const step = stepAt(tree, at, at === first, table, address, read);
    if (typeof step === "string") return cut("unreadable", step);
    path.push(step);
    const codec = tree.codecs[at] as LevelCodec;
    if (step.kind !== "table") {
      const physical = physicalOf(tree, codec, step, address);
      return {
        path,
        end: step.kind,
        sentence: sentenceOf(step),
        physical,
        span: 1n << BigInt(codec.level.shift),
      };
    }
    table = codec.below(step.entry);
  }
}

/** The level of the root, or why it cannot be told. */
export function firstLevel(
  tree: Tree,
  root: bigint,
  read: ReadMemory,
): number | { readonly end: "bad" | "unreadable"; readonly sentence: string } {
  if (tree.geometry.rootIsTagged !== true) return 0;
  const [top] = tree.codecs as [LevelCodec];
  const bytes = new Uint8Array(top.bytes);
  const outcome = read(root, bytes);
  if (!wasRead(outcome)) return { end: "unreadable", sentence: notThere("pgd", root, outcome) };
  const first = rootLevelOf(tree.geometry, top.read(bytes, 0));
  return (
    first ?? {
      end: "bad",
      sentence: `the first entry of the table at ${place(root)} is of no level that can be a root's`,
    }
  );
}

function stepAt(
  tree: Tree,
  at: number,
  isRoot: boolean,
  table: bigint,
  address: bigint,
  read: ReadMemory,
): WalkStep | string {
  const { backend, geometry } = tree;
  const codec = tree.codecs[at] as LevelCodec;
  const index = codec.indexOf(address);
  const where = table + BigInt(index * codec.bytes);
  const [own, ...folded] = namesOf(geometry.levels, at) as [LevelName];
  const level = isRoot ? "pgd" : own;
  const bytes = new Uint8Array(codec.bytes);
  const outcome = read(where, bytes);
  if (!wasRead(outcome)) return notThere(level, where, outcome);
  const entry = codec.read(bytes, 0);
  const is = codec.kindOf(entry);
  const reader = is === "other" ? backendAt(backend, lowestName(geometry, at)) : null;
  const decoded = reader?.decode(entry) ?? null;
  const kind = kindOf(is, decoded, codec.level.entry === undefined);
  return { level, folded, table, index, at: where, entry, kind, decoded };
}

function kindOf(is: EntryKind, decoded: Decoded | null, isPte: boolean): StepKind {
  if (is === "none" || is === "table") return is;
  if (is === "leaf") return "present";
  if (decoded === null) return "bad";
  if (decoded.kind === "none") return "none";
  if (decoded.kind !== "present") return "not-present";
  return isPte ? "present" : "bad";
}

function physicalOf(
  { backend, smeMask }: Tree,
  codec: LevelCodec,
  step: WalkStep,
  address: bigint,
): bigint | null {
  if (step.kind !== "present") return null;
  const within = address & onesMask(codec.level.shift);
  if (codec.level.entry !== undefined) return codec.page(step.entry) | within;
  const pfn = step.decoded?.kind === "present" ? step.decoded.pfn : undefined;
  return pfn === undefined ? null : ((pfn << BigInt(backend.kernel.pageShift)) & ~smeMask) | within;
}

function sentenceOf({ level, kind, decoded }: WalkStep): string {
  switch (kind) {
    case "none":
      return `the ${level} entry is none: nothing is mapped there`;
    case "bad":
      return `the ${level} entry is neither none, a table nor a page, and no entry of that level that is known here`;
    case "present":
      return level === "pte" ? "the page is present" : `the ${level} entry maps a page of its own`;
    default:
      return `the ${level} entry is not present: ${decoded?.kind}`;
  }
}

/** `the pmd entry would be at 0x1000, and that memory is not there (excluded)` */
const notThere = (level: string, where: bigint, outcome: boolean | string): string =>
  `the ${level} entry would be at ${place(where)}, and that memory is not there${reasonOf(outcome)}`;
