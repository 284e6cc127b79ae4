import type { LevelName, MarkerName } from "@ptekit/core";

/** Why an entry cannot be what the kernel wrote. */
export type SuspicionKind =
  /** A swap entry whose type is no active device. */
  | "no-device"
  /** A swap offset that is 0, or past the end of its device. */
  | "offset"
  /** A swap type that this kernel gives no meaning. */
  | "unassigned-type"
  /** A page frame where the machine has no memory. */
  | "pfn-outside"
  /** Bits that no entry of this kernel uses. */
  | "unused-bits"
  /** An entry in no area of its process. */
  | "outside-areas"
  /** A table where the machine has no memory, or that leads back to itself. */
  | "bad-table"
  /** An upper entry that is neither none, a table nor a page, nor a swap entry; or has other flags than those that lead to tables. */
  | "bad-entry"
  /** A swap slot that nobody uses, by its swap_map. */
  | "free-slot"
  /** A swap slot that more entries name than use it, by its swap_map: of the entries of all processes scanned so far. */
  | "overused-slot"
  /** A marker whose value means nothing to this kernel. */
  | "unknown-marker"
  /** Bits of a present PTE that are not as its area's protection has them. */
  | "protection"
  /** A present entry of a page that is free, of the kernel's, mapped by nobody, or of another index, by its struct page. */
  | "wrong-page"
  /** A table in a page that is free, or is no table's, by its struct page. */
  | "freed-table"
  /** A table that another address, or another process, has too. */
  | "shared-table";

/** An entry that cannot be what the kernel wrote. */
export interface Suspicion {
  readonly kind: SuspicionKind;
  /** The first virtual address of the entry. */
  readonly address: bigint;
  readonly level: LevelName;
  /** The entry; null where a table was not read. */
  readonly entry: bigint | null;
  /** Up to three bits of a PTE each of which, turned round, would leave nothing to be said of it; none where it is not so. */
  readonly bits: readonly number[];
  readonly sentence: string;
}

/** What the tables of one process hold. `present` counts base pages, everything else entries. */
export interface ProcessScan {
  /** Null where its page tables alone were found. */
  readonly pid: number | null;
  /** A stranger's bytes; null with the pid. */
  readonly comm: string | null;
  /** Physical address of its top table; null where that is not in the dump. */
  readonly root: bigint | null;
  /** Tables of the lowest levels that were read, and those that are not in the dump. */
  readonly tables: number;
  readonly missingTables: number;
  readonly present: number;
  /** Of those, where areas are known: pages of files; pages of shared mappings; pages of areas that are no memory (VM_PFNMAP, VM_IO, VM_MIXEDMAP). */
  readonly file: number;
  readonly shared: number;
  readonly device: number;
  /** Entries that map a page larger than a base page, by level: of huge pages of any kind, and of hugetlb's alone. */
  readonly huge: Readonly<Partial<Record<LevelName, number>>>;
  readonly hugetlb: Readonly<Partial<Record<LevelName, number>>>;
  /** By type: the swap device. */
  readonly swap: Readonly<Record<number, number>>;
  readonly migration: number;
  readonly hwpoison: number;
  readonly devicePrivate: number;
  readonly deviceExclusive: number;
  readonly swapinError: number;
  readonly markers: Readonly<Partial<Record<MarkerName, number>>>;
  /** Entries with the uffd-wp bit, present ones and others; markers are not among them. */
  readonly uffdWp: number;
  readonly softDirty: number;
  readonly exclusive: number;
  /** The first ones, and how many there are. */
  readonly suspicious: readonly Suspicion[];
  readonly suspicions: number;
  /** What is not in the dump, in sentences. */
  readonly problems: readonly string[];
}

/** What a scan compares entries with, beside their own form. */
export type CheckName =
  /** An area's vm_page_prot. */
  | "protection"
  /** The struct page of a frame. */
  | "pages"
  /** A swap device's swap_map. */
  | "slots";

/** How to scan. */
export interface ScanOptions {
  /** How many suspicions of a process are told one by one. Default: 100. */
  readonly mostSuspicions?: number;
  /** What is left out; a scan that does not ask for struct pages reads less of the dump. */
  readonly without?: readonly CheckName[];
}
