// Which tables are the program's, found without a register: by the frames that pagemap named; and the way to each page.
import type { ArchBackend, Architecture, KnownPage, SearchableMemory, Walk } from "@ptekit/core";
import { findRoot, PtekitError, walk } from "@ptekit/core";
import type { Page } from "./console.ts";

/** The program's tables. */
export interface Tables {
  readonly backend: ArchBackend;
  /** The CPU's features that the tables show. */
  readonly cpu: readonly string[];
  readonly root: bigint;
  walk(vaddr: bigint): Walk;
}

interface Kernel {
  readonly release: string;
  /** Its .config. */
  readonly config: string;
  /** The CPU features that may be, the likeliest first. */
  readonly features: readonly (readonly string[])[];
}

/** Throws a sentence where no address is a root that leads to every page that is known. */
export function findTables(
  arch: Architecture,
  { release, config, features }: Kernel,
  memory: SearchableMemory,
  pages: readonly Page[],
): Tables {
  const known = knownPages(pages);
  const tried: string[] = [];
  for (const cpu of features) {
    const backend = backendFor(arch, release, config, cpu);
    if (typeof backend === "string") {
      tried.push(backend);
      continue;
    }
    const { root, candidates } = findRoot(backend, memory, known);
    if (root !== null)
      return { backend, cpu, root, walk: (vaddr) => walk(backend, root, vaddr, memory.read) };
    tried.push(`${backend.layout.id}${cpu.map((name) => ` with ${name}`)}: ${candidates.length} roots`);
  }
  throw new Error(`no table is the one that leads to all of ${known.length} pages (${tried.join("; ")})`);
}

/** A CPU feature that a release does not know yet is none that it runs with. */
function backendFor(
  arch: Architecture,
  release: string,
  config: string,
  cpu: readonly string[],
): ArchBackend | string {
  try {
    return arch.for({ release, config, cpu });
  } catch (error) {
    if (error instanceof PtekitError && error.code === "UNKNOWN_CPU") return error.message;
    throw error;
  }
}

/**
 * The present pages by which a root is known: not those of which pagemap shows no frame, those that a child maps as well,
 * huge ones, nor those under PROT_NONE, whose frame x86 inverts.
 */
function knownPages(pages: readonly Page[]): KnownPage[] {
  const told = pages.filter(
    ({ region, pagemap }) =>
      pagemap >> 63n === 1n && !/^(protnone|fork_|guard_forked|thp|hugetlb|zero_page)/.test(region),
  );
  return told
    .map(({ vaddr, pagemap }) => ({ address: vaddr, pfn: pagemap & ((1n << 55n) - 1n) }))
    .filter(({ pfn }) => pfn !== 0n);
}
