import type { LevelCodec } from "../codec/tables.ts";
import type { LevelName } from "../data/geometry.ts";
import { emptyPte } from "../data/layout.ts";
import { matches } from "../data/predicate.ts";
import type { EntryBlock, EntryRun } from "../interface/walk.ts";
import type { Tree } from "./tree.ts";

/** A block that is being filled, in the caller's memory. */
export interface FillingBlock {
  /** Whether it holds entries of another level. */
  isOther(at: number): boolean;
  fits(bytes: number): boolean;
  /** Where the next entries go. */
  room(at: number, bytes: number): Uint8Array;
  take(run: Omit<EntryRun, "first">): void;
  /** The block, if there is anything in it; a new one begins. */
  done(): EntryBlock | null;
}

/** An empty block in `into`. */
export function blockIn(tree: Tree, into: Uint8Array): FillingBlock {
  let runs: EntryRun[] = [];
  let used = 0;
  let count = 0;
  let level = -1;
  return {
    isOther: (at) => runs.length > 0 && at !== level,
    fits: (bytes) => used + bytes <= into.length,
    room(at, bytes) {
      level = at;
      return into.subarray(used, used + bytes);
    },
    take({ address, at, count: entries }) {
      runs.push({ address, at, first: count, count: entries });
      count += entries;
      used += entries * (tree.codecs[level] as LevelCodec).bytes;
    },
    done() {
      if (runs.length === 0) return null;
      const codec = tree.codecs[level] as LevelCodec;
      const full: EntryBlock = {
        kind: "entries",
        level: tree.names[level] as LevelName,
        span: 1n << BigInt(codec.level.shift),
        bytes: into.subarray(0, used),
        count,
        runs,
      };
      runs = [];
      used = 0;
      count = 0;
      return full;
    },
  };
}

/** Whether a table of PTEs has one and the same empty word everywhere. */
export function isEmptyTable({ backend, codecs }: Tree, bytes: Uint8Array): boolean {
  const pte = codecs.at(-1) as LevelCodec;
  const size = pte.bytes;
  // A table in use differs early: most often in the first entries.
  for (let i = size; i < bytes.length; i++) if (bytes[i] !== bytes[i - size]) return false;
  const first = pte.read(bytes, 0);
  return first === emptyPte(backend.layout) || matches(backend.layout.none, first);
}
