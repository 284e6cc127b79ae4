// An address space: its root, and its areas (VMAs), from the list that kernels had up to 6.0 or from the maple tree.
import type { Types } from "../btf/types.ts";
import { hex } from "../text.ts";
import type { KernelMemory } from "../virtual.ts";
import { type Struct, structOf } from "./fields.ts";
import { mapleTrees } from "./maple.ts";
import { because } from "./tasks.ts";

/** A part of an address space, from `start` up to, not including, `end`. */
export interface Vma {
  /** Where its vm_area_struct is. */
  readonly address: bigint;
  readonly start: bigint;
  readonly end: bigint;
  /** `vm_flags`: VM_READ, VM_SHARED … of include/linux/mm.h. */
  readonly flags: bigint;
  /** Its struct file; null for anonymous memory. */
  readonly file: bigint | null;
  /** `vm_page_prot`: what its pages' entries have beside their frame; null where the kernel's types do not tell. */
  readonly protection: bigint | null;
  /** `vm_pgoff`: the number of its first page in its file, or among its pages; null where the kernel's types do not tell. */
  readonly pageOffset: bigint | null;
  /** The same of its anonymous pages, where a file's area counts them apart (since 7.3). */
  readonly anonymousOffset: bigint | null;
}

/** What an mm_struct says. */
export interface AddressSpace {
  readonly address: bigint;
  /** The kernel's address of its top table, and the physical one; null where the kernel's tables do not lead there. */
  readonly pgd: bigint;
  readonly root: bigint | null;
  /** How many areas it says it has. */
  readonly areas: number;
  /** Its areas, lowest first, as far as they are in the dump. */
  readonly vmas: readonly Vma[];
  readonly problems: readonly string[];
}

type MmName = "pgd" | "mmap" | "root" | "count";
type VmaName =
  | "start"
  | "end"
  | "flags"
  | "file"
  | "next"
  | "protection"
  | "pageOffset"
  | "anonLow"
  | "anonHigh";

/** Each area takes memory of its own; no process has had more. */
const MOST_VMAS = 2 ** 24;

/** Reads address spaces; a sentence where the kernel's types lack what that takes. */
export function addressSpaces(
  kernel: KernelMemory,
  types: Types,
): ((mm: bigint) => AddressSpace | string) | string {
  const mms = structOf<MmName>(
    kernel,
    types,
    "mm_struct",
    { pgd: ["pgd"], mmap: ["mmap"], root: ["mm_mt.ma_root"], count: ["map_count"] },
    ["mmap", "root"],
  );
  const areas = structOf<VmaName>(
    kernel,
    types,
    "vm_area_struct",
    {
      start: ["vm_start"],
      end: ["vm_end"],
      flags: ["vm_flags", "flags", "__vm_flags"],
      file: ["vm_file"],
      protection: ["vm_page_prot"],
      pageOffset: ["vm_pgoff"],
      anonLow: ["__vm_anon_pgoff_lo"],
      anonHigh: ["__vm_anon_pgoff_hi"],
      next: ["vm_next"],
    },
    ["next", "protection", "pageOffset", "anonLow", "anonHigh"],
  );
  if (typeof mms === "string") return mms;
  if (typeof areas === "string") return areas;
  const tree = mms.member("root") === null ? null : mapleTrees(kernel, types);
  if (typeof tree === "string") return tree;
  if (tree === null && mms.member("mmap") === null) return "struct mm_struct has neither mm_mt nor mmap";

  return (mm) => {
    const values = mms.read(mm);
    if (typeof values === "string") return `its mm_struct, at ${hex(mm)}, is ${because(values)}`;
    const pgd = values.big("pgd");
    const count = values.int("count");
    const first = tree === null ? values.big("mmap") : values.big("root");
    const problems: string[] = [];
    const problem = (sentence: string): void => {
      if (!problems.includes(sentence)) problems.push(sentence);
    };
    const vmas =
      tree === null ? listed(areas, first, problem) : [...inOrder(areas, tree(first, problem), problem)];
    return { address: mm, pgd, root: kernel.physical(pgd), areas: count, vmas, problems };
  };
}

function vmaAt(areas: Struct<VmaName>, address: bigint): (Vma & { readonly next: bigint }) | string {
  const values = areas.read(address);
  if (typeof values === "string") return `an area of it, at ${hex(address)}, is ${because(values)}`;
  const file = values.big("file");
  return {
    address,
    start: values.big("start"),
    end: values.big("end"),
    flags: values.big("flags"),
    file: file === 0n ? null : file,
    protection: values.has("protection") ? values.big("protection") : null,
    pageOffset: values.has("pageOffset") ? values.big("pageOffset") : null,
    // See vma_start_anon_pgoff() in include/linux/mm.h (as of Linux v7.3).
    anonymousOffset: values.has("anonLow") ? (values.big("anonHigh") << 32n) | values.big("anonLow") : null,
    next: values.big("next"),
  };
}

/** Areas lie one after the other: a list or a tree in which they do not is broken, and is left there. */
function* inOrder(
  areas: Struct<VmaName>,
  addresses: Iterable<bigint>,
  problem: (sentence: string) => void,
): Generator<Vma, void, undefined> {
  let reached = 0n;
  let left = MOST_VMAS;
  for (const address of addresses) {
    const vma = vmaAt(areas, address);
    if (typeof vma === "string") {
      problem(vma);
      continue;
    }
    if (vma.start < reached || vma.end <= vma.start || left-- <= 0)
      return problem(`the area at ${hex(address)} is out of order`);
    reached = vma.end;
    const { next: _, ...own } = vma;
    yield own;
  }
}

function listed(areas: Struct<VmaName>, first: bigint, problem: (sentence: string) => void): Vma[] {
  function* addresses(): Generator<bigint, void, undefined> {
    for (let address = first; address !== 0n; ) {
      yield address;
      const vma = vmaAt(areas, address);
      if (typeof vma === "string") return;
      address = vma.next;
    }
  }
  return [...inOrder(areas, addresses(), problem)];
}
