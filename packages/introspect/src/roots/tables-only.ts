// A dump in which no kernel is found: page tables that look like a process's, read as those of a release.
import type { Architecture } from "@ptekit/core";
import { longBitsOf } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Fact } from "../facts.ts";
import type { KernelDump } from "../interface.ts";
import { firstRelease } from "../rebuild/anchors.ts";
import { emptyLists, leadsTo } from "../rebuild/lists.ts";
import { variantsOf } from "../rebuild/variants.ts";
import type { KernelTarget } from "../target.ts";
import { translateBy } from "../translate.ts";
import { type KernelMemory, kernelMemory, type Translate } from "../virtual.ts";
import { rootsByReader, type TableReader } from "./find.ts";
import type { FoundRoots } from "./interface.ts";

/** Page tables, and how they are read. */
export interface FoundTables {
  readonly arch: Architecture;
  readonly target: KernelTarget;
  readonly facts: readonly Fact[];
  readonly roots: FoundRoots;
  /** By the kernel's half of the roots, where they have one. */
  readonly memory: KernelMemory;
  /** What says the release. */
  readonly releaseFrom: string;
}

const EVIDENCE = "page tables are found by it";

/** Null where nothing says a release, or no table is found. `said` are releases, the surest first. */
export function tablesOnly(
  { memory, utsname }: KernelDump,
  archs: readonly Architecture[],
  said: readonly { readonly release: string | null | undefined; readonly from: string }[],
): FoundTables | null {
  const { release, from: releaseFrom } =
    [...said, { release: utsname?.release, from: "the dump's header says" }].find(({ release }) => release) ??
    firstRelease(memory);
  if (!release) return null;
  const readers = archs.flatMap((arch) =>
    [...variantsOf(arch, release, EVIDENCE)].map((variant) => ({
      arch,
      ...variant,
      smeMask: 0n,
      root: null,
    })),
  );
  const best = bestOf(memory, rootsByReader(memory, readers));
  if (best === null) return null;
  const { found, reader, translate } = best;
  const { arch, target, facts, backend } = reader;
  const { byteOrder, pageShift } = backend.kernel;
  const shape = { bits: longBitsOf(backend.layout), little: byteOrder === "little", pageShift };
  return {
    arch,
    target,
    facts,
    roots: found,
    memory: kernelMemory(memory, translate, shape),
    releaseFrom,
  };
}

/**
 * The way by which most roots are found. Read with fewer levels than there are, tables below a root look like roots: a way is
 * out where half of its roots are right below those of another. By the kernel's half, where roots have one, kernel addresses
 * must lead where they should.
 */
function bestOf<Reader extends TableReader>(
  memory: PhysicalMemory,
  all: readonly { readonly reader: Reader; readonly found: FoundRoots }[],
): { readonly reader: Reader; readonly found: FoundRoots; readonly translate: Translate } | null {
  const depth = ({ backend }: Reader): number => backend.geometry?.levels.length ?? 0;
  const isOut = ({ roots }: FoundRoots): boolean =>
    all.some(({ found: { below } }) => roots.filter((root) => below.has(root)).length * 2 >= roots.length);
  const ordered = all
    .filter(({ found }) => !isOut(found))
    .sort((a, b) => b.found.roots.length - a.found.roots.length || depth(b.reader) - depth(a.reader));
  for (const { reader, found } of ordered) {
    const { backend } = reader;
    if (backend.geometry?.root.userEntries === undefined) return { reader, found, translate: () => null };
    const root = found.kernel ?? (found.roots[0] as bigint);
    const translate = translateBy(memory, backend, root, 0n);
    if (leadsTo(emptyLists(memory, root), (address) => translate(address)?.physical ?? null))
      return { reader, found, translate };
  }
  return null;
}
