// The area that an entry lies in: entries and areas both go upwards, so one place in the list is enough.
import { type AddressSpace, listOf } from "../mm/spaces.ts";
import { END, FILE, FLAGS, numberAt, offsetAt, PROTECTION, START, WORDS } from "../mm/vma-list.ts";

/** Of include/linux/mm.h. */
const VM_WRITE = 0x2;
const VM_SHARED = 0x8;
const VM_PFNMAP = 0x400;
const VM_IO = 0x4000;
const VM_HUGETLB = 0x40_0000;
const VM_MIXEDMAP = 0x1000_0000;

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
  /** Whether nothing of this is known: the area may be of any kind. */
  readonly isUnknown?: true;
  /** `vm_page_prot` in halves; null where it is not known. */
  readonly protection: { readonly low: number; readonly high: number } | null;
  /** What is added to a page's number to get its index: in its file, or among the pages of its area. */
  readonly indexShift: number | null;
  /** The same of an anonymous page. */
  readonly anonymousShift: number | null;
}

/** The areas of a process in pages. */
export function areasOf(space: AddressSpace, pageShift: number): readonly Area[] {
  const size = 2 ** pageShift;
  const list = listOf(space);
  const { count, words, has } = list;
  const areas: Area[] = [];
  for (let i = 0, at = 0; i < count; i++, at += WORDS) {
    // An address has its lowest bits clear, and is exact as a number.
    const start = Math.floor(numberAt(words, at + START) / size);
    const flags = words[at + FLAGS] as number;
    const ofFile = offsetAt(list, at, false);
    const ofAnonymous = offsetAt(list, at, true);
    areas.push({
      start,
      end: Math.floor(numberAt(words, at + END) / size),
      isFile: ((words[at + FILE] as number) | (words[at + FILE + 1] as number)) !== 0,
      isShared: (flags & VM_SHARED) !== 0,
      isDevice: (flags & (VM_PFNMAP | VM_IO | VM_MIXEDMAP)) !== 0,
      isHugetlb: (flags & VM_HUGETLB) !== 0,
      canWrite: (flags & VM_WRITE) !== 0,
      protection: has.protection
        ? { low: (words[at + PROTECTION] as number) | 0, high: (words[at + PROTECTION + 1] as number) | 0 }
        : null,
      indexShift: ofFile === null ? null : ofFile - start,
      anonymousShift: ofAnonymous === null ? null : ofAnonymous - start,
    });
  }
  return areas;
}

/** The area of a page number; page numbers must not go down. Null where there is none. */
export type AreaFinder = (page: number) => Area | null;

/** Where areas are not known: whatever is mapped may be, and is not counted as a file's or as shared. */
export const anyArea: AreaFinder = () => ANY;
const ANY: Area = {
  start: 0,
  end: Number.POSITIVE_INFINITY,
  isFile: false,
  isShared: false,
  isDevice: false,
  isHugetlb: false,
  canWrite: true,
  isUnknown: true,
  protection: null,
  indexShift: null,
  anonymousShift: null,
};

export function areaFinder(areas: readonly Area[]): AreaFinder {
  let at = 0;
  return (page) => {
    // A table that is met twice, or read in a wrong order, begins again.
    if (at > 0 && page < (areas[at - 1] as Area).end) at = 0;
    while (at < areas.length && (areas[at] as Area).end <= page) at++;
    const area = areas[at];
    return area !== undefined && page >= area.start ? area : null;
  };
}
