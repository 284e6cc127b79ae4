// The header of a kdump-compressed file. See IMPLEMENTATION and diskdump_mod.h of makedumpfile.
import { bytesAt, type Fields, fieldsOf, latin1 } from "../bytes.ts";
import { DumpError } from "../errors.ts";
import type { ByteSource, Compression, DumpNote, Utsname } from "../interface.ts";
import { notesOf, vmcoreinfoOf } from "../notes.ts";

/** What is read of it: numbers of bytes, of blocks and of page frames. */
export interface KdumpHeader {
  readonly version: number;
  readonly bits: 32 | 64;
  readonly little: boolean;
  readonly utsname: Utsname;
  readonly compression: Compression | null;
  readonly incomplete: boolean;
  readonly blockBytes: number;
  /** Where the first bitmap begins, and the bytes of one. */
  readonly bitmapAt: number;
  readonly bitmapBytes: number;
  /** Whether there is a second bitmap, which says what of the machine's memory is in the file. */
  readonly twoBitmaps: boolean;
  readonly descriptorsAt: number;
  /** Page frames from 0 up to, not including, this one. */
  readonly frames: number;
  readonly dumpLevel: number | null;
  /** The page frames whose pages are in this file of a set. */
  readonly split: { readonly start: number; readonly end: number } | null;
  readonly vmcoreinfo: string | null;
  readonly notes: readonly DumpNote[];
}

const MAGIC = "KDUMP   ";
/** The largest page of any architecture is 256 KiB; QEMU's blocks are pages. */
const BLOCK_BYTES = { least: 512, most: 2 ** 20 };
const STATUS_BYTES = { 64: 424, 32: 412 } as const;
const MOST_NOTE_BYTES = 2 ** 26;
/** 256 TiB of 4 KiB pages. */
const MOST_FRAMES = 2 ** 36;

export const isKdump = (head: Uint8Array): boolean => latin1(head.subarray(0, 8)) === MAGIC;

/** @throws DumpError `BAD_DUMP` for a header that cannot be right. */
export function kdumpHeader(source: ByteSource): KdumpHeader {
  const { fields, bits, little } = writtenFor(source, bytesAt(source, 0, 464, "its header"));
  const status = fields.u32(STATUS_BYTES[bits]);
  const word = (i: number): number => fields.u32(STATUS_BYTES[bits] + 4 * i);
  const version = fields.u32(8);
  const blockBytes = word(1);
  const bitmapBytesAll = word(3) * blockBytes;
  const sub = subHeader(source, { version, bits, little, blockBytes, blocks: word(2) });
  const frames = sub.frames ?? word(4);
  const bitmapAt = (1 + word(2)) * blockBytes;
  const descriptorsAt = bitmapAt + bitmapBytesAll;
  if (frames > MOST_FRAMES || descriptorsAt > source.size || frames > bitmapBytesAll * 8)
    throw new DumpError(
      "BAD_DUMP",
      `${source.name}: its header speaks of ${frames} page frames, its bitmaps have ${bitmapBytesAll} bytes, and the file ${source.size}`,
    );
  const twoBitmaps = frames <= bitmapBytesAll * 4;
  return {
    version,
    bits,
    little,
    utsname: utsnameOf(fields),
    compression: compressionOf(status),
    incomplete: (status & 8) !== 0,
    blockBytes,
    bitmapAt,
    bitmapBytes: twoBitmaps ? bitmapBytesAll / 2 : bitmapBytesAll,
    twoBitmaps,
    descriptorsAt,
    frames,
    dumpLevel: sub.dumpLevel,
    split: sub.split,
    vmcoreinfo: sub.vmcoreinfo ?? vmcoreinfoOf(sub.notes),
    notes: sub.notes,
  };
}

/** How a page or a file says that it is compressed. */
export function compressionOf(flags: number): Compression | null {
  if (flags & 1) return "zlib";
  if (flags & 2) return "lzo";
  if (flags & 4) return "snappy";
  return flags & 0x20 ? "zstd" : null;
}

/** The order and width for which the block size makes sense. */
function writtenFor(
  source: ByteSource,
  head: Uint8Array,
): { fields: Fields; bits: 32 | 64; little: boolean } {
  for (const little of [true, false])
    for (const bits of [64, 32] as const) {
      const fields = fieldsOf(head, little);
      const block = fields.u32(STATUS_BYTES[bits] + 4);
      const powerOfTwo = block > 0 && (block & (block - 1)) === 0;
      const sane = powerOfTwo && block >= BLOCK_BYTES.least && block <= BLOCK_BYTES.most;
      if (sane && fields.u32(8) >= 1 && fields.u32(8) < 256 && fields.u32(STATUS_BYTES[bits] + 8) > 0)
        return { fields, bits, little };
    }
  throw new DumpError("BAD_DUMP", `${source.name}: the block size in its kdump header is none`);
}

function utsnameOf(fields: Fields): Utsname {
  const text = (i: number): string => fields.text(12 + 65 * i, 65);
  return {
    sysname: text(0),
    nodename: text(1),
    release: text(2),
    version: text(3),
    machine: text(4),
    domainname: text(5),
  };
}

type SubHeader = Pick<KdumpHeader, "dumpLevel" | "split" | "vmcoreinfo" | "notes"> & {
  readonly frames: number | null;
};

interface Written {
  readonly version: number;
  readonly bits: 32 | 64;
  readonly little: boolean;
  readonly blockBytes: number;
  /** Blocks of the sub-header. */
  readonly blocks: number;
}

/** Where its fields stand. On 32 bits some compilers align 64-bit fields and some do not. */
const PLACES = {
  wide: { start: 16, end: 24, vmcoreinfo: 32, note: 48, size: 8, start64: 80 },
  packed: { start: 12, end: 16, vmcoreinfo: 20, note: 32, size: 4, start64: 56 },
  aligned: { start: 12, end: 16, vmcoreinfo: 24, note: 40, size: 4, start64: 72 },
} as const;
const LEVEL_AT = { 64: 8, 32: 4 } as const;

function subHeader(source: ByteSource, written: Written): SubHeader {
  const { version, bits, little, blockBytes } = written;
  const fields = fieldsOf(bytesAt(source, blockBytes, 104, "its sub-header"), little);
  const places = bits === 64 ? PLACES.wide : placesOf32(source, fields, version);
  const word = (at: number): number => (bits === 64 ? fields.u64(at) : fields.u32(at));
  const section = (at: number, what: string): Uint8Array | null => {
    const offset = fields.u64(at);
    const size = word(at + 8);
    return offset === 0 || size === 0 ? null : bytesAt(source, offset, size, what, MOST_NOTE_BYTES);
  };
  const vmcoreinfo = version >= 3 ? section(places.vmcoreinfo, "its VMCOREINFO") : null;
  const notes = version >= 4 ? section(places.note, "its notes") : null;
  const split =
    version < 2 || fields.u32(LEVEL_AT[bits] + 4) === 0
      ? null
      : version >= 6
        ? { start: fields.u64(places.start64), end: fields.u64(places.start64 + 8) }
        : { start: word(places.start), end: word(places.end) };
  return {
    dumpLevel: fields.u32(LEVEL_AT[bits]),
    split,
    frames: version >= 6 ? fields.u64(places.start64 + 16) : null,
    vmcoreinfo: vmcoreinfo === null ? null : latin1(vmcoreinfo),
    notes: notes === null ? [] : notesOf(notes, little),
  };
}

function placesOf32(
  source: ByteSource,
  fields: Fields,
  version: number,
): (typeof PLACES)[keyof typeof PLACES] {
  const fits = ({ vmcoreinfo, size }: (typeof PLACES)["packed" | "aligned"]): boolean => {
    const offset = fields.u64(vmcoreinfo);
    return offset > 0 && size > 0 && offset + fields.u32(vmcoreinfo + 8) <= source.size;
  };
  return version >= 3 && !fits(PLACES.packed) && fits(PLACES.aligned) ? PLACES.aligned : PLACES.packed;
}
