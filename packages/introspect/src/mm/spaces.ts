// An address space: its root, and its areas (VMAs), from the list that kernels had up to 6.0 or from the maple tree.
import type { Types } from "../btf/types.ts";
import { hex } from "../text.ts";
import type { KernelMemory } from "../virtual.ts";
import { type Struct, structOf } from "./fields.ts";
import { mapleTrees, type OnProblem } from "./maple.ts";
import { because } from "./tasks.ts";
import { ADDRESS, END, START, type Vma, type VmaList, vmaList, vmasOf, WORDS } from "./vma-list.ts";

/** What an mm_struct says. Of page tables that were found alone, only `root` is known. */
export interface AddressSpace {
  /** Where the mm_struct is. */
  readonly address: bigint | null;
  /** The kernel's address of its top table, and the physical one; null where the kernel's tables do not lead there. */
  readonly pgd: bigint | null;
  readonly root: bigint | null;
  /** How many areas it says it has; null where that is not known, and `vmas` is empty. */
  readonly areas: number | null;
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

/** Areas as they were read: what a scan needs of them, it takes from there. */
const lists = new WeakMap<AddressSpace, VmaList>();

/** The areas of a space in halves. */
export const listOf = (space: AddressSpace): VmaList => lists.get(space) ?? vmaList(space.vmas);

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
  const read = areaReader(areas);

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
    const list = read(count, problem);
    if (tree === null) for (let next = first; next !== 0n; ) next = list.take(next) ?? 0n;
    // One that is not in the dump is left out, and the others of the tree are told.
    else tree(first, (address) => list.take(address) !== null || list.goesOn(), problem);
    const found = list.found();
    let vmas: readonly Vma[] | undefined;
    const space: AddressSpace = {
      address: mm,
      pgd,
      root: kernel.physical(pgd),
      areas: count,
      // Most who ask for a process do not ask for these.
      get vmas() {
        vmas ??= vmasOf(found);
        return vmas;
      },
      problems,
    };
    lists.set(space, found);
    return space;
  };
}

interface AreaList {
  /** Reads an area and gives the next of the list; null where it is not in the dump, or out of order. */
  take(address: bigint): bigint | null;
  /** Whether only single areas were missing so far. */
  goesOn(): boolean;
  found(): VmaList;
}

/** Areas lie one after the other: a list or a tree in which they do not is broken, and is left there. */
function areaReader(areas: Struct<VmaName>): (expected: number, problem: OnProblem) => AreaList {
  const takeHalves = areas.halves([
    "start",
    "end",
    "flags",
    "file",
    "protection",
    "pageOffset",
    "anonLow",
    "anonHigh",
  ]);
  const takeNext = areas.halves(["next"]);
  const next = new Uint32Array(2);
  const has = {
    protection: areas.member("protection") !== null,
    pageOffset: areas.member("pageOffset") !== null,
    anonymous: areas.member("anonLow") !== null,
  };
  return (expected, problem) => {
    let words = new Uint32Array(WORDS * Math.min(Math.max(expected, 4), 2 ** 16));
    let count = 0;
    let isBroken = false;
    return {
      take: (address) => {
        const outcome = areas.read(address);
        if (typeof outcome === "string") {
          problem(`an area of it, at ${hex(address)}, is ${because(outcome)}`);
          return null;
        }
        const at = count * WORDS;
        if (at === words.length) words = doubled(words);
        takeHalves(words, at);
        words[at + ADDRESS] = Number(address & 0xffff_ffffn);
        words[at + ADDRESS + 1] = Number(address >> 32n);
        const isAfter = count === 0 || !isBelow(words, at + START, at - WORDS + END);
        if (!isAfter || !isBelow(words, at + START, at + END) || count >= MOST_VMAS) {
          problem(`the area at ${hex(address)} is out of order`);
          isBroken = true;
          return null;
        }
        count++;
        takeNext(next, 0);
        return (BigInt(next[1] as number) << 32n) | BigInt(next[0] as number);
      },
      goesOn: () => !isBroken,
      found: () => ({ count, words: words.subarray(0, count * WORDS), has }),
    };
  };
}

/** Whether the number of 64 bits at `a` is below that at `b`. */
function isBelow(words: Uint32Array, a: number, b: number): boolean {
  const [highA, highB] = [words[a + 1] as number, words[b + 1] as number];
  return highA < highB || (highA === highB && (words[a] as number) < (words[b] as number));
}

function doubled(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * words.length);
  larger.set(words);
  return larger;
}
