// What is the same for every process of a dump: the kernel's words, its memory, its swap devices.
import type { HalvesReader, LevelCodec, LevelName, Predicate } from "@ptekit/core";
import { halvesReader, PtekitError, tablesOf } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Kernel } from "../interface.ts";
import { type StructPages, structPages } from "../mm/pages.ts";
import { type SwapDevice, slotReader } from "../mm/swap.ts";
import { halfPfn, halfTest, highOf, lowOf } from "./halves.ts";
import type { CheckName } from "./interface.ts";
import {
  addressBitsOf,
  deviceBit,
  fixedOfPresent,
  unusedOfLeaf,
  unusedOfPresent,
  unusedOfSwap,
} from "./masks.ts";
import { type SlotCounter, slotCounter } from "./slots.ts";

/** What holds of the tables of one level; null where a sample does not say. */
export interface Habit {
  /** An entry beside its address. */
  readonly flags: bigint | null;
  /** What the struct page of the table has for `_mapcount`: a page_type. */
  readonly pageType: number | null;
}

/** Two masks over the halves of a word. */
export interface HalfMask {
  readonly low: number;
  readonly high: number;
}

export interface Machine {
  readonly kernel: Kernel;
  readonly memory: PhysicalMemory;
  readonly wide: boolean;
  readonly little: boolean;
  readonly reader: HalvesReader;
  /** Offsets below this are the page frame, in entries that name one. */
  readonly plainFrames: number;
  /** Every bit that a marker of this kernel can have. */
  readonly knownMarkers: number;
  /** Where tables are read to. */
  readonly into: Uint8Array;
  /** Where tables of the other byte order are turned round. */
  readonly scratch: { words: Uint32Array };
  readonly pfnOf: (low: number, high: number) => number;
  readonly presentUffdWp: HalfMask;
  readonly presentSoftDirty: HalfMask;
  readonly unusedPresent: HalfMask;
  readonly unusedSwap: HalfMask;
  readonly deviceBit: HalfMask;
  /** Bits of a present PTE that its area's vm_page_prot decides. */
  readonly fixed: HalfMask;
  readonly isWritable: (low: number, high: number) => boolean;
  readonly isSpecial: (low: number, high: number) => boolean;
  readonly isProtNone: (low: number, high: number) => boolean;
  /** What entries are compared with; what would be wrong of most entries is left out. */
  readonly checks: Record<CheckName, boolean>;
  /** What is not compared, and why, in sentences. */
  readonly limits: string[];
  readonly pages: StructPages;
  /** How many users a slot of a swap device has; null where that is not in the dump. */
  readonly slotOf: (device: SwapDevice, offset: number) => number | null;
  readonly countSlot: SlotCounter;
  /** The mm_structs that were scanned. */
  readonly scanned: Set<bigint>;
  /** The verbs of each upper level, by the lowest of its names. */
  readonly upper: ReadonlyMap<LevelName, LevelCodec>;
  /** Bits of an entry that leads to a table which are no habit of the kernel's, by the names of `upper`. */
  readonly addressBits: ReadonlyMap<LevelName, bigint>;
  /** How tables and the entries that lead to them are in this dump, as far as a sample tells. */
  habits: ReadonlyMap<LevelName, Habit>;
  /** Bits of a page's own entry at an upper level that are never set, by those names; 0 where they are not described. */
  readonly unusedLeaf: ReadonlyMap<LevelName, bigint>;
  /** Active swap devices by type; null where they are not known. */
  readonly devices: ReadonlyMap<number, SwapDevice> | null;
  /** Whether a page frame is one that the machine had. */
  readonly hasFrame: (pfn: number) => boolean;
  /** Whose table it was when it was met first, by its physical address. */
  readonly tables: Map<bigint, string>;
}

/** Room for some hundred tables at once. */
const INTO_BYTES = 2 ** 20;

/** @throws PtekitError `NO_GEOMETRY` where the kernel's tables or present PTEs are not described. */
export function machineOf(
  kernel: Kernel,
  memory: PhysicalMemory,
  without: readonly CheckName[] = [],
): Machine {
  const { backend } = kernel;
  const { layout, present, geometry } = backend;
  if (present === null || geometry === null)
    throw new PtekitError("NO_GEOMETRY", `${layout.id}: how its tables are walked is not described`);
  const wide = layout.pteBits === 64;
  const { pfnBits, physBits, pageShift } = backend.kernel;
  const flag = (kind: "uffdWp" | "softDirty"): bigint =>
    present.fields
      .filter((row) => row.kind === kind)
      .reduce((mask, { low }) => mask | (1n << BigInt(low)), 0n);
  const devices = kernel.swapDevices();
  const codecs = tablesOf(geometry, layout, backend.kernel.byteOrder, { smeMask: kernel.smeMask });
  const pages = structPages(kernel.memory, kernel.vmcoreinfo, kernel.types, kernel.pageSize);
  const { reads } = present;
  const upper = upperLevels(codecs);
  const never = (): boolean => false;
  return {
    kernel,
    memory,
    wide,
    little: backend.kernel.byteOrder === "little",
    reader: halvesReader(backend),
    plainFrames: 2 ** Math.min(pfnBits, physBits - pageShift),
    knownMarkers: backend.types.markers.reduce((mask, { value }) => mask | Number(value), 0),
    into: new Uint8Array(INTO_BYTES),
    scratch: { words: new Uint32Array(0) },
    pfnOf: halfPfn(present),
    presentUffdWp: halfMask(flag("uffdWp")),
    presentSoftDirty: halfMask(flag("softDirty")),
    unusedPresent: halfMask(unusedOfPresent(present)),
    unusedSwap: halfMask(unusedOfSwap(layout)),
    deviceBit: halfMask(deviceBit(backend)),
    fixed: halfMask(fixedOfPresent(present)),
    isWritable: halfTest(reads.write as Predicate),
    isSpecial: reads.special === undefined ? never : halfTest(reads.special as Predicate),
    isProtNone: reads.protNone === undefined ? never : halfTest(reads.protNone as Predicate),
    checks: {
      protection: !without.includes("protection"),
      pages: typeof pages !== "string" && !without.includes("pages"),
      slots: !without.includes("slots"),
    },
    limits: typeof pages === "string" ? [`pages are not held against their struct page: ${pages}`] : [],
    pages: typeof pages === "string" ? { of: () => null, fits: () => true } : pages,
    slotOf: slotReader(kernel.memory),
    countSlot: slotCounter(),
    scanned: new Set(),
    upper,
    addressBits: addressBitsOf(geometry, present, kernel.smeMask, [...upper.keys()]),
    habits: new Map(),
    unusedLeaf: new Map([...upper.keys()].map((level) => [level, unusedOfLeaf(backend, level)])),
    devices: typeof devices === "string" ? null : new Map(devices.map((device) => [device.type, device])),
    hasFrame: framesOf(memory, kernel.pageSize),
    tables: new Map(),
  };
}

const halfMask = (mask: bigint): HalfMask => ({ low: lowOf(mask) | 0, high: highOf(mask) | 0 });

/** Upper levels by the name that core's blocks have: the lowest of those that are folded into one. */
function upperLevels(codecs: readonly LevelCodec[]): Map<LevelName, LevelCodec> {
  const names: readonly LevelName[] = ["pgd", "p4d", "pud", "pmd", "pte"];
  return new Map(
    codecs.slice(0, -1).map((codec, i) => {
      const below = names.indexOf((codecs[i + 1] as LevelCodec).level.name);
      return [names[below - 1] as LevelName, codec];
    }),
  );
}

/** Ranges of page frames, the last one that fitted tried first. */
function framesOf({ ranges }: PhysicalMemory, pageSize: number): (pfn: number) => boolean {
  const frames = ranges.map(({ start, end }) => ({
    start: Number(start) / pageSize,
    end: Number(end) / pageSize,
  }));
  let latest = frames[0] ?? { start: 0, end: 0 };
  return (pfn) => {
    if (pfn >= latest.start && pfn < latest.end) return true;
    let low = 0;
    let high = frames.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((frames[middle] as { end: number }).end <= pfn) low = middle + 1;
      else high = middle;
    }
    const found = frames[low];
    if (found === undefined || pfn < found.start) return false;
    latest = found;
    return true;
  };
}
