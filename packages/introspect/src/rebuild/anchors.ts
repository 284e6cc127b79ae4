// What of a kernel is known by itself in physical memory: its kallsyms, its banner.
import type { PhysicalMemory } from "@ptekit/dump";
import { type FoundKallsyms, kallsymsIn } from "../kallsyms/search.ts";
import { readKallsyms } from "../kallsyms/table.ts";
import { memoryPieces } from "../pieces.ts";
import { bytesOf, hex, latin1 } from "../text.ts";
import { type KernelMemory, kernelMemory, type Translate } from "../virtual.ts";

/** A place in a kernel's image, and what is told there of the kernel. */
export interface Anchor {
  /** Physical. */
  readonly place: bigint;
  readonly release: string;
  /** Its kallsyms, whose places are physical, and what it says of `_stext`: the address, which for the form `place` is physical. */
  readonly kallsyms: (FoundKallsyms & { readonly stext: bigint }) | null;
  /** What was found, and where. */
  readonly how: string;
}

/** The parts of an image lie less far from each other. */
export const MOST_IMAGE: bigint = 2n ** 27n;
const BANNER = bytesOf("Linux version ");
const MOST_BANNER = 1024;

/**
 * Kernels in memory, those with kallsyms first. Another kernel than the one that ran can be among them: what kexec loaded or
 * left behind. Of kernels of 64 bits in little-endian order, which all are that dumps of are read. `said` is the release, where
 * the dump's header has it.
 */
export function* anchorsIn(memory: PhysicalMemory, said: string | null): Generator<Anchor, void, undefined> {
  const physical = asKernel(memory);
  for (const found of kallsymsIn(physical, memoryPieces(memory), { name: "_stext" })) {
    const read = readKallsyms(physical, found, { name: "_stext" }, []);
    const stext = typeof read === "string" ? undefined : read.addresses.get("_stext");
    const place = found.tokenTable;
    const release = stext === undefined ? null : (said ?? releaseNear(memory, place));
    if (stext !== undefined && release !== null)
      yield {
        place,
        release,
        kallsyms: { ...found, stext },
        how: `kallsyms, found in memory at ${hex(place)}`,
      };
  }
  for (const { place, release } of banners(memory))
    yield { place, release, kallsyms: null, how: `its banner, found in memory at ${hex(place)}` };
}

/** Physical addresses as if they were the kernel's. */
function asKernel(memory: PhysicalMemory): KernelMemory {
  const translate: Translate = (address) => ({
    physical: address,
    bytes: Number.MAX_SAFE_INTEGER,
    size: 4096,
  });
  return kernelMemory(memory, translate, { bits: 64, little: true, pageShift: 12 });
}

interface Banner {
  readonly place: bigint;
  readonly release: string;
}

/** The release in the banner that is nearest: the log has another one, and not so near. */
function releaseNear(memory: PhysicalMemory, place: bigint): string | null {
  const distance = (banner: Banner): bigint =>
    banner.place > place ? banner.place - place : place - banner.place;
  let nearest: Banner | null = null;
  const from = place > MOST_IMAGE ? place - MOST_IMAGE : 0n;
  for (const banner of banners(memory, from, place + MOST_IMAGE))
    if (nearest === null || distance(banner) < distance(nearest)) nearest = banner;
  return nearest?.release ?? null;
}

/** The release of the first banner in memory, and what says it. */
export function firstRelease(memory: PhysicalMemory): {
  readonly release: string | null;
  readonly from: string;
} {
  for (const { release, place } of banners(memory))
    return { release, from: `a banner in memory at ${hex(place)} says` };
  return { release: null, from: "" };
}

/** linux_banner: see init/version-timestamp.c. It ends in a line's end, as in the log it does not. */
function* banners(memory: PhysicalMemory, from?: bigint, to?: bigint): Generator<Banner, void, undefined> {
  const [first] = BANNER as unknown as [number];
  for (const { address, bytes, own } of memoryPieces(memory, from, to)) {
    for (let at = bytes.indexOf(first); at >= 0 && at < own; at = bytes.indexOf(first, at + 1)) {
      if (bytes[at + 1] !== BANNER[1] || !BANNER.every((byte, i) => bytes[at + i] === byte)) continue;
      const text = latin1(bytes.subarray(at, at + MOST_BANNER));
      const release = /^Linux version (\d+\.\d+[!-~]{0,60}) \([^\n]+ #\d[^\n]*\n$/.exec(text)?.[1];
      if (release !== undefined) yield { place: address + BigInt(at), release };
    }
  }
}
