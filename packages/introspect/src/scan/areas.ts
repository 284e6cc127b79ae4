// The area that an entry lies in: entries and areas both go upwards, so one place in the list is enough.
import type { Vma } from "../mm/spaces.ts";
import { highOf, lowOf } from "./halves.ts";

/** Of include/linux/mm.h. */
const VM_WRITE = 0x2n;
const VM_SHARED = 0x8n;
const VM_PFNMAP = 0x400n;
const VM_IO = 0x4000n;
const VM_HUGETLB = 0x40_0000n;
const VM_MIXEDMAP = 0x1000_0000n;

/** An area in pages. */
export interface Area {
  readonly start: number;
  readonly end: number;
  readonly isFile: boolean;
  readonly isShared: boolean;
  /** What it maps need not be the machine's memory. */
  readonly isDevice: boolean;
  readonly isHugetlb: boolean;
  readonly canWrite: boolean;
  /** `vm_page_prot` in halves; null where it is not known. */
  readonly protection: { readonly low: number; readonly high: number } | null;
  /** What is added to a page's number to get its index: in its file, or among the pages of its area. */
  readonly indexShift: number | null;
  /** The same of an anonymous page. */
  readonly anonymousShift: number | null;
}

/** Finds the area of a page number; page numbers must not go down. Null where there is none. */
export function areaFinder(vmas: readonly Vma[], pageShift: number): (page: number) => Area | null {
  const areas = vmas.map(({ start, end, flags, file, protection, pageOffset, anonymousOffset }) => ({
    start: Number(start >> BigInt(pageShift)),
    end: Number(end >> BigInt(pageShift)),
    isFile: file !== null,
    isShared: (flags & VM_SHARED) !== 0n,
    isDevice: (flags & (VM_PFNMAP | VM_IO | VM_MIXEDMAP)) !== 0n,
    isHugetlb: (flags & VM_HUGETLB) !== 0n,
    canWrite: (flags & VM_WRITE) !== 0n,
    protection: protection === null ? null : { low: lowOf(protection) | 0, high: highOf(protection) | 0 },
    indexShift: pageOffset === null ? null : Number(pageOffset) - Number(start >> BigInt(pageShift)),
    anonymousShift:
      pageOffset === null ? null : Number(anonymousOffset ?? pageOffset) - Number(start >> BigInt(pageShift)),
  }));
  let at = 0;
  return (page) => {
    // A table that is met twice, or read in a wrong order, begins again.
    if (at > 0 && page < (areas[at - 1] as Area).end) at = 0;
    while (at < areas.length && (areas[at] as Area).end <= page) at++;
    const area = areas[at];
    return area !== undefined && page >= area.start ? area : null;
  };
}
