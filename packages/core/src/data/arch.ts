import { requireArch } from "../util/require.ts";
import type { Begin } from "./backport.ts";
import type { Geometry } from "./geometry.ts";
import type { HugetlbLayout, Layout } from "./layout.ts";
import type { LeafLayout } from "./leaf.ts";
import type { PresentLayout } from "./present.ts";
import type { VmcoreData } from "./vmcore.ts";

/** A Kconfig symbol that decides an answer on this architecture. */
export interface ConfigSymbol extends Begin {
  /** `CONFIG_MEM_SOFT_DIRTY` */
  readonly name: string;
  /** What a kernel has where the target does not say: on, off, or a number. */
  readonly default: "y" | "n" | number;
  /** Further values that a number can take. */
  readonly values?: readonly number[];
  /** The first release that no longer has it. */
  readonly until?: string;
  /** Kconfig symbols (all of them) that it depends on; without them it is off by default. */
  readonly when?: readonly string[];
  /** Symbols of one choice exclude each other: setting one clears the others. */
  readonly choice?: string;
  /** Set where Kconfig has it on beside another of its choice, of which it is a special case. */
  readonly together?: boolean;
  /** Set where it decides how tables are walked, and nothing of an entry. */
  readonly only?: "geometry";
  readonly citation: string;
}

/** Something the running CPU decides. The default is a CPU without it. */
export interface CpuFeature extends Begin {
  /** `la57` */
  readonly name: string;
  /** Kconfig symbols without which the kernel ignores the feature. */
  readonly when?: readonly string[];
  /** Features of one choice exclude each other; the one marked `default` holds where the target names none. */
  readonly choice?: string;
  readonly default?: boolean;
  /** Set where it decides how tables are walked, and nothing of an entry. */
  readonly only?: "geometry";
  /** A page-table dump with that many levels tells that the CPU has the feature. */
  readonly levels?: number;
  readonly citation: string;
}

/** A row that holds from a release on and under conditions; the first that fits decides. */
export interface Conditional extends Begin {
  readonly when?: readonly string[];
  readonly citation?: string;
}

/** Everything about one architecture, as data. */
export interface ArchData {
  /** The kernel's directory, but x86 is `x86_64` and `i386`. */
  readonly name: string;
  /** Other names that people and distributions use: `aarch64`. One that several architectures have names none of them. */
  readonly aliases?: readonly string[];
  readonly title: string;
  /** The header that holds `__swp_type()`. */
  readonly header: string;
  /** Newest first. */
  readonly layouts: readonly Layout[];
  /** Entries of hugetlbfs pages; every row that fits applies, whatever the layout. */
  readonly hugetlb?: readonly HugetlbLayout[];
  /** Set where the kernel has dropped the architecture: the first release without it. */
  readonly removed?: { readonly in: string; readonly citation: string };
  /** Flags that its headers have, and no configuration of it can turn on. */
  readonly unselected?: readonly Unselected[];
  /** Newest first; absent where present PTEs are not described. */
  readonly present?: readonly PresentLayout[];
  /** How present entries of huge pages differ from PTEs; the first row that fits a level decides. */
  readonly leaves?: readonly LeafLayout[];
  /** How tables are walked; the first row that fits decides. Absent where that is not described. */
  readonly geometry?: readonly Geometry[];
  /** How a dump of its kernel is read; absent where that is not described. */
  readonly vmcore?: VmcoreData;
  readonly symbols: readonly ConfigSymbol[];
  readonly cpus?: readonly CpuFeature[];
  /** PAGE_SHIFT; the first row that fits. */
  readonly pageShift: readonly (Conditional & { readonly shift: number })[];
  /** Bits of a physical address that SWP_PFN_BITS comes from (MAX_PHYSMEM_BITS, or the width of phys_addr_t). */
  readonly physBits: readonly (Conditional & { readonly bits: number })[];
  /** Limits on a swap file that arch_max_swapfile_size() adds, in pages; the first row that fits. */
  readonly maxSwapfilePages?: readonly (Conditional & { readonly pages: bigint })[];
  /** Where the kernel's own build refuses fewer than MAX_SWAPFILES_SHIFT bits of type; absent where nothing checks. */
  readonly typeChecks?: readonly Conditional[];
  /** Byte order of the machine; the first row that fits. */
  readonly byteOrder: readonly (Conditional & { readonly order: "little" | "big" })[];
  /** What distributions' release strings say; every row that fits applies. */
  readonly flavours?: readonly Flavour[];
  /** What is still to be filled in, in sentences. While there is any, conformance fails, and citations may be missing. */
  readonly unfinished?: readonly string[];
}

/** A flag that is written in an architecture's headers under a Kconfig symbol which nothing of it selects: no kernel has it. */
export interface Unselected {
  readonly flag: "exclusive" | "softDirty" | "uffdWp";
  /** `CONFIG_HAVE_ARCH_SOFT_DIRTY` */
  readonly symbol: string;
  /** The macro or function, the header, and the releases in which that was so. */
  readonly citation: string;
}

/** Known settings of a distribution's kernels, by the end of their release string. */
export interface Flavour {
  /** `-armmp-lpae` */
  readonly suffix: string;
  /** The vendors whose strings are meant, where it is not every one's: `el8`. */
  readonly vendors?: readonly string[];
  readonly since?: string;
  /** The first release that no longer has them. */
  readonly until?: string;
  readonly config: Readonly<Record<string, "y" | "n" | number>>;
  /** The distribution and where it says so. */
  readonly citation: string;
}

/** Whether something of an architecture is still to be filled in: what it says is a guess. */
export function isUnfinished(arch: ArchData): boolean {
  requireArch(arch);
  return (arch.unfinished ?? []).length > 0;
}
