// Roots that have the kernel's half: it is the same in all of them, and nothing else in memory looks like it.
import type { ArchBackend, LevelCodec } from "@ptekit/core";
import { tablesOf } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import { entryTests } from "./entries.ts";
import type { RootFinder } from "./interface.ts";

interface Candidate {
  readonly root: bigint;
  readonly hasUser: boolean;
}

/** What may fill memory in a dump that means harm. */
const MOST_CANDIDATES = 2 ** 20;

/** Finds them; null where roots have no half that is the kernel's. `known` is a root whose half is the kernel's. */
export function sharedHalfFinder(
  memory: PhysicalMemory,
  { geometry, layout, kernel }: ArchBackend,
  smeMask: bigint,
  known: bigint | null,
): RootFinder | null {
  const userEntries = geometry?.root.userEntries;
  if (geometry === null || userEntries === undefined) return null;
  const [top] = tablesOf(geometry, layout, kernel.byteOrder, { smeMask }) as readonly [LevelCodec];
  const tests = entryTests(top, memory);
  if (tests === null) return null;
  const little = kernel.byteOrder === "little";
  const { align, kernelImage, copy } = geometry.root;
  const sure = kernelImage === undefined ? null : top.indexOf(kernelImage);
  const groups = new Map<string, Candidate[]>();
  let left = MOST_CANDIDATES;

  const low = (view: DataView, at: number): number => view.getUint32(at + (little ? 0 : 4), little);
  const high = (view: DataView, at: number): number => view.getUint32(at + (little ? 4 : 0), little);
  /** The kernel's half as a text, where this is a root; null where it is none. */
  const halfOf = (view: DataView, at: number): { half: string; hasUser: boolean } | null => {
    // Of most pages one look is enough.
    if (sure !== null && !tests.isTable(low(view, at + 8 * sure), high(view, at + 8 * sure))) return null;
    let hasUser = false;
    let half = "";
    for (let i = 0; i < top.entries; i++) {
      const [l, h] = [low(view, at + 8 * i), high(view, at + 8 * i)];
      if (tests.isNone(l, h)) continue;
      const isTable = tests.isTable(l, h);
      if (!isTable && !tests.isLeaf(l, h)) return null;
      if (i < userEntries) hasUser = true;
      else half += `${i}:${isTable ? top.below(view.getBigUint64(at + 8 * i, little)) : `${h} ${l}`},`;
    }
    return half === "" ? null : { half, hasUser };
  };

  return {
    visit: (address, bytes, own) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = Number(-address & BigInt(align - 1)); at < own; at += align) {
        if (at + top.entries * 8 > bytes.length || left === 0) return;
        const found = halfOf(view, at);
        if (found === null) continue;
        left--;
        const candidate = { root: address + BigInt(at), hasUser: found.hasUser };
        const group = groups.get(found.half);
        if (group === undefined) groups.set(found.half, [candidate]);
        else group.push(candidate);
      }
    },
    found: () => {
      const all = [...groups.values()];
      const group =
        all.find((candidates) => candidates.some(({ root }) => root === known)) ??
        all.sort((a, b) => b.length - a.length)[0] ??
        [];
      const roots = new Set(group.filter(({ hasUser }) => hasUser).map(({ root }) => root));
      const flip = copy?.flip ?? 0n;
      return {
        below: new Set(),
        roots: [...roots].filter((root) => (root & flip) === 0n || !roots.has(root ^ flip)),
        kernel: known ?? group.find(({ hasUser }) => !hasUser)?.root ?? null,
      };
    },
  };
}
