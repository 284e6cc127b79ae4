// ELF cores: /proc/vmcore's, makedumpfile's, QEMU's, /proc/kcore's.
import { bytesAt, type Fields, fieldsOf, firstBytes } from "./bytes.ts";
import { DumpError } from "./errors.ts";
import { memoryOf, overlay, type Piece } from "./extents.ts";
import { fillFrom } from "./fill.ts";
import type { ByteSource, Dump, DumpNote } from "./interface.ts";
import { notesOf, vmcoreinfoOf } from "./notes.ts";
import { nothingSaid } from "./nothing.ts";
import { buffered } from "./source.ts";

const PT_LOAD = 1;
const PT_NOTE = 4;
/** Then section 0 holds the number: more than 65,534 segments. */
const PN_XNUM = 0xffff;
const ET_CORE = 4;
/** A segment for each 32 MiB of a petabyte. */
const MOST_SEGMENTS = 2 ** 25;
/** Notes of tens of thousands of CPUs. */
const MOST_NOTE_BYTES = 2 ** 26;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly paddr: number;
  readonly filesz: number;
  readonly memsz: number;
}

/** Where the fields of a header stand, by its width. */
const LAYOUT = {
  64: { phoff: 32, shoff: 40, phentsize: 54, phnum: 56, segment: 56, shInfo: 44, section: 64, header: 64 },
  32: { phoff: 28, shoff: 32, phentsize: 42, phnum: 44, segment: 32, shInfo: 28, section: 40, header: 52 },
} as const;

export const isElf = (head: Uint8Array): boolean =>
  head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;

/** Whether it is a core, by its e_type. */
export const isElfCore = (head: Uint8Array): boolean =>
  isElf(head) && head.length >= 18 && fieldsOf(head, head[5] !== 2).u16(16) === ET_CORE;

/** @throws DumpError `BAD_DUMP`; `NOT_A_DUMP` for an ELF file that is no core. */
export function openElf(source: ByteSource, cacheBytes: number): Dump {
  const ident = firstBytes(source, 6);
  const bits = ident[4] === 2 ? 64 : 32;
  const little = ident[5] !== 2;
  const header = fieldsOf(bytesAt(source, 0, LAYOUT[bits].header, "its ELF header"), little);
  if (header.u16(16) !== ET_CORE)
    throw new DumpError(
      "NOT_A_DUMP",
      `${source.name} is an ELF file, and no core: a program, a library or a vmlinux`,
    );
  const segments = segmentsOf(source, header, bits, little);
  const notes = segments.flatMap((segment) => notesIn(source, segment, little));
  const file = buffered(source, cacheBytes);
  const loads = segments.filter(({ type, paddr }) => type === PT_LOAD && hasPlace(paddr));
  // What the file holds is seen before what another segment says is left out of it.
  const pieces: Piece[] = [
    ...loads.map(({ paddr, filesz, memsz }) => ({ start: paddr + filesz, end: paddr + memsz })),
    ...loads.map(({ paddr, filesz }) => ({ start: paddr, end: paddr + filesz })),
  ];
  const memory = memoryOf(overlay(pieces), source.name, (id, address, into) => {
    const load = loads[id - loads.length];
    return load === undefined ? "excluded" : fillFrom(file, load.offset + address - load.paddr, into);
  });
  return {
    ...nothingSaid,
    form: "elf",
    complete: loads.every(({ offset, filesz }) => offset + filesz <= source.size),
    elfMachine: header.u16(18),
    bits,
    byteOrder: little ? "little" : "big",
    vmcoreinfo: vmcoreinfoOf(notes),
    notes,
    memory,
  };
}

/**
 * The program headers. Only where they lie is believed: QEMU 7.2 writes a wrong e_ehsize, and no reader needs it.
 */
function segmentsOf(source: ByteSource, header: Fields, bits: 32 | 64, little: boolean): Segment[] {
  const layout = LAYOUT[bits];
  const word = (fields: Fields, at: number): number => (bits === 64 ? fields.u64(at) : fields.u32(at));
  const start = word(header, layout.phoff);
  const size = header.u16(layout.phentsize) || layout.segment;
  const count = segmentCount(source, header, bits, little);
  if (size < layout.segment)
    throw new DumpError("BAD_DUMP", `${source.name}: its program headers have ${size} bytes each`);
  if (count > MOST_SEGMENTS || start + count * size > source.size)
    throw new DumpError(
      "BAD_DUMP",
      `${source.name} says that it has ${count} program headers, more than it has room for`,
    );
  const segments: Segment[] = [];
  const each = Math.floor(2 ** 20 / size);
  for (let first = 0; first < count; first += each) {
    const here = Math.min(each, count - first);
    const fields = fieldsOf(
      bytesAt(source, start + first * size, here * size, "its program headers"),
      little,
    );
    for (let i = 0; i < here; i++) {
      const segment = bits === 64 ? segment64(fields, i * size) : segment32(fields, i * size);
      if (segment.type === PT_LOAD || segment.type === PT_NOTE) segments.push(checked(source, segment));
    }
  }
  return segments;
}

function segmentCount(source: ByteSource, header: Fields, bits: 32 | 64, little: boolean): number {
  const layout = LAYOUT[bits];
  const count = header.u16(layout.phnum);
  if (count !== PN_XNUM) return count;
  const section = bits === 64 ? header.u64(layout.shoff) : header.u32(layout.shoff);
  if (section === 0) return count;
  const what = "the section that says how many segments it has";
  return fieldsOf(bytesAt(source, section, layout.section, what), little).u32(layout.shInfo);
}

function segment64(fields: Fields, at: number): Segment {
  return {
    type: fields.u32(at),
    offset: fields.u64(at + 8),
    paddr: fields.u64(at + 24),
    filesz: fields.u64(at + 32),
    memsz: fields.u64(at + 40),
  };
}

function segment32(fields: Fields, at: number): Segment {
  return {
    type: fields.u32(at),
    offset: fields.u32(at + 4),
    paddr: fields.u32(at + 12),
    filesz: fields.u32(at + 16),
    memsz: fields.u32(at + 20),
  };
}

function checked(source: ByteSource, segment: Segment): Segment {
  const { type, filesz, memsz, offset } = segment;
  if (filesz + offset > 2 ** 53 || memsz > 2 ** 53)
    throw new DumpError("BAD_DUMP", `${source.name}: a segment of it is larger than any memory`);
  return type === PT_LOAD ? { ...segment, memsz: Math.max(memsz, filesz) } : segment;
}

/** /proc/kcore has segments of virtual memory alone: their p_paddr is -1 or 0 with a length beyond all memory. */
const hasPlace = (paddr: number): boolean => paddr < 2 ** 52;

function notesIn(source: ByteSource, { type, offset, filesz }: Segment, little: boolean): DumpNote[] {
  if (type !== PT_NOTE) return [];
  const there = Math.min(filesz, Math.max(0, source.size - offset));
  return notesOf(bytesAt(source, Math.min(offset, source.size), there, "its notes", MOST_NOTE_BYTES), little);
}
