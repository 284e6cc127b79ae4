// What is wrong with a PTE, by everything that the dump says of its place: its area, its page, its swap slot.
import type { Kind } from "@ptekit/core";
import type { Area } from "./areas.ts";
import { joined } from "./halves.ts";
import type { SuspicionKind } from "./interface.ts";
import type { HalfMask, Machine } from "./machine.ts";

export interface Wrong {
  readonly kind: SuspicionKind;
  readonly sentence: string;
}

const OUTSIDE: Wrong = { kind: "outside-areas", sentence: "it lies in no area of the process" };
const hasBits = (low: number, high: number, mask: HalfMask): boolean =>
  ((low & mask.low) | (high & mask.high)) !== 0;

/** What is wrong with a present PTE of a page of an area; null where nothing is. */
export function wrongPresent(
  machine: Machine,
  area: Area | null,
  page: number,
  low: number,
  high: number,
): Wrong | null {
  if (area === null) return OUTSIDE;
  if (hasBits(low, high, machine.unusedPresent))
    return { kind: "unused-bits", sentence: "it has bits set that no present PTE of this kernel uses" };
  // What is no memory of the machine's is mapped as its driver says.
  if (area.isDevice || hasBits(low, high, machine.deviceBit)) return null;
  const pfn = machine.pfnOf(low, high);
  if (!machine.hasFrame(pfn))
    // It may be a device's.
    return area.isUnknown
      ? null
      : {
          kind: "pfn-outside",
          sentence: `page frame 0x${pfn.toString(16)} is outside the machine's memory`,
        };
  return (
    (machine.checks.protection ? wrongProtection(machine, area, low, high) : null) ??
    (machine.checks.pages && !area.isHugetlb ? wrongPage(machine, area, page, pfn, low, high) : null)
  );
}

/** Bits that the area decides: the others change with what happens to a page. */
function wrongProtection(machine: Machine, area: Area, low: number, high: number): Wrong | null {
  const { protection } = area;
  const isWritable = machine.isWritable(low, high);
  if (isWritable && !area.canWrite)
    return { kind: "protection", sentence: "it may be written, and its area may not" };
  if (isWritable && hasBits(low, high, machine.presentUffdWp))
    return { kind: "protection", sentence: "it is write-protected for userfaultfd, and may be written" };
  // PROT_NONE, or a NUMA hint in an area that may be read.
  if (protection === null || machine.isProtNone(low, high)) return null;
  const { fixed } = machine;
  const differ = joined((low ^ protection.low) & fixed.low, (high ^ protection.high) & fixed.high);
  if (differ === 0n) return null;
  return {
    kind: "protection",
    sentence: `bits ${bitsText(differ)} are not as its area has them in vm_page_prot`,
  };
}

function wrongPage(
  machine: Machine,
  area: Area,
  page: number,
  pfn: number,
  low: number,
  high: number,
): Wrong | null {
  const state = machine.pages.of(pfn);
  if (state === null) return null;
  const frame = `page frame 0x${pfn.toString(16)}`;
  const told = (sentence: string): Wrong => ({ kind: "wrong-page", sentence });
  if (state.refcount <= 0)
    return told(`${frame} is free: its struct page counts ${state.refcount} references`);
  // The zero page is mapped without being counted.
  if (machine.isSpecial(low, high))
    return state.mapcount >= 0 && state.owner !== "none"
      ? told(`it is special, as for the zero page, and ${frame} is an ordinary page, which is mapped`)
      : null;
  if (state.isCompound) return null;
  if (state.mapcount < 0)
    return told(
      state.mapcount === -1
        ? `${frame} is mapped by nobody, says its struct page`
        : `${frame} is no page of a process: its struct page has page_type 0x${(state.mapcount >>> 0).toString(16)}`,
    );
  if (state.owner !== "file" && state.owner !== "anonymous") return null;
  const shift = state.owner === "anonymous" ? area.anonymousShift : area.indexShift;
  if (state.index === null || shift === null) return null;
  const index = page + shift;
  return state.index === index
    ? null
    : told(
        `${frame} is the page of index 0x${state.index.toString(16)}, and at this address it would be 0x${index.toString(16)}`,
      );
}

/** What a PTE says that is neither none nor present. */
export interface Said {
  readonly kind: Kind;
  readonly type: number;
  readonly offset: number;
}

/** The same of a PTE that is neither none nor present. */
export function wrongOther(
  machine: Machine,
  area: Area | null,
  said: Said,
  low: number,
  high: number,
): Wrong | null {
  if (area === null) return OUTSIDE;
  if (hasBits(low, high, machine.unusedSwap))
    return { kind: "unused-bits", sentence: "it has bits set that no swap PTE of this kernel uses" };
  if (said.kind === "swap") return wrongSlot(machine, said.type, said.offset);
  if (said.kind === "unassigned")
    return {
      kind: "unassigned-type",
      sentence: `it names swap type ${said.type}, which means nothing to this kernel`,
    };
  return isPlain(machine, said) ? null : wrongSpecial(machine, low, high);
}

/** Whether what names no swap slot is surely right: an offset that is a page frame, or of markers that are known. */
function isPlain({ plainFrames, knownMarkers, hasFrame }: Machine, { kind, offset }: Said): boolean {
  if (kind === "marker") return offset > 0 && offset < 2 ** 31 && (offset & ~knownMarkers) === 0;
  return offset < plainFrames && (kind !== "migration" || hasFrame(offset));
}

function wrongSlot({ devices, checks, slotOf }: Machine, type: number, offset: number): Wrong | null {
  if (devices === null)
    return offset === 0 ? { kind: "offset", sentence: `it names slot 0 of swap type ${type}` } : null;
  const device = devices.get(type);
  if (device === undefined)
    return {
      kind: "no-device",
      sentence: `it names swap type ${type}, and no such device is in use`,
    };
  if (offset === 0 || offset >= device.max)
    return {
      kind: "offset",
      sentence: `it names slot ${offset} of swap type ${type}, which has slots 1 to ${device.max - 1}`,
    };
  const uses = checks.slots ? slotOf(device, offset) : null;
  return uses === 0
    ? {
        kind: "free-slot",
        sentence: `it names slot ${offset} of swap type ${type}, which is free, says its swap_map`,
      }
    : null;
}

/** What names no swap slot, read by the scalar decoder. */
function wrongSpecial({ kernel, hasFrame }: Machine, low: number, high: number): Wrong | null {
  const { backend } = kernel;
  const said = backend.decode(joined(low, high));
  if (said.kind === "marker") {
    const known = backend.types.markers.reduce((mask, { value }) => mask | value, 0n);
    return said.offset === 0n || (said.offset & ~known) !== 0n
      ? {
          kind: "unknown-marker",
          sentence: `it is a marker of value 0x${said.offset.toString(16)}, which means nothing to this kernel`,
        }
      : null;
  }
  if (!("pfn" in said)) return null;
  // A hwpoison entry's page may be memory that was taken away; a device's is none. An address they have all the same.
  const { physBits, pageShift } = backend.kernel;
  const isNone =
    said.kind === "migration" ? !hasFrame(Number(said.pfn)) : said.pfn >> BigInt(physBits - pageShift) !== 0n;
  return isNone
    ? {
        kind: "pfn-outside",
        sentence: `page frame 0x${said.pfn.toString(16)} is outside the machine's memory`,
      }
    : null;
}

/** What is wrong with any PTE, decoded by itself. */
export function wrongWord(machine: Machine, area: Area | null, page: number, word: bigint): Wrong | null {
  const low = Number(word & 0xffff_ffffn) | 0;
  const high = Number((word >> 32n) & 0xffff_ffffn) | 0;
  const said = machine.kernel.backend.decode(word);
  if (said.kind === "none") return null;
  if (said.kind === "present") return wrongPresent(machine, area, page, low, high);
  const { kind, type, offset } = said;
  return wrongOther(machine, area, { kind, type, offset: Number(offset) }, low, high);
}

/** More than these tell nothing. */
const MOST_MENDING = 3;

/** Bits each of which, turned round, leaves nothing wrong with a PTE; none where there are too many to tell anything. */
export function mendingBits(
  machine: Machine,
  area: Area | null,
  page: number,
  word: bigint,
): readonly number[] {
  const found: number[] = [];
  for (let bit = 0; bit < machine.kernel.backend.layout.pteBits; bit++) {
    const turned = word ^ (1n << BigInt(bit));
    // As a device's page anything would pass.
    if (((turned ^ word) & joined(machine.deviceBit.low, machine.deviceBit.high)) !== 0n) continue;
    if (wrongWord(machine, area, page, turned) !== null) continue;
    if (found.length === MOST_MENDING) return [];
    found.push(bit);
  }
  return found;
}

/** `5, 3`: the bits of a mask, the highest first. */
export const bitsText = (mask: bigint): string =>
  [...mask.toString(2)].flatMap((digit, i, { length }) => (digit === "1" ? [length - 1 - i] : [])).join(", ");
