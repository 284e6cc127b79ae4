// Small dumps, put together byte by byte as the forms' own documents say, with pages that are stored as they are.

export interface KdumpParts {
  readonly version?: number;
  readonly bits?: 32 | 64;
  readonly little?: boolean;
  /** 32 bits alone: whether 64-bit fields are aligned. */
  readonly aligned?: boolean;
  readonly block?: number;
  readonly frames: number;
  readonly machine: readonly number[];
  /** What the second bitmap has; its pages in order. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly status?: number;
  readonly split?: readonly [number, number];
  readonly vmcoreinfo?: string;
  /** Of every page, or of each. */
  readonly flags?: number | ((page: Uint8Array) => number);
  readonly utsname?: { readonly nodename: string; readonly release: string; readonly machine: string };
  /** Frames whose descriptor is all zeros. */
  readonly lost?: readonly number[];
  readonly oneBitmap?: boolean;
}

export function kdumpFile(parts: KdumpParts): Uint8Array {
  const {
    version = 6,
    bits = 64,
    little = true,
    aligned = false,
    block = 4096,
    frames,
    machine,
    pages,
  } = parts;
  const { status = 0, split, vmcoreinfo, flags = 0, lost = [], oneBitmap = false } = parts;
  const bitmapBlocks = Math.ceil(frames / 8 / block);
  const allBlocks = oneBitmap ? bitmapBlocks : bitmapBlocks * 2;
  const text = new TextEncoder().encode(vmcoreinfo ?? "");
  const subBlocks = 1 + Math.ceil(text.length / block);
  const inPart = [...pages].filter(
    ([frame]) => split === undefined || (frame >= split[0] && frame < split[1]),
  );
  const descriptors = (1 + subBlocks + allBlocks) * block;
  const data = descriptors + 24 * inPart.length;
  const bytes = new Uint8Array(data + inPart.reduce((sum, [, page]) => sum + page.length, 0));
  const view = new DataView(bytes.buffer);
  const put32 = (at: number, value: number): void => view.setUint32(at, value, little);
  const put64 = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), little);
  const word = (at: number, value: number): void => (bits === 64 ? put64(at, value) : put32(at, value));

  bytes.set(new TextEncoder().encode("KDUMP   "));
  put32(8, version);
  bytes.set(new TextEncoder().encode("Linux"), 12);
  const {
    nodename,
    release,
    machine: hardware,
  } = { nodename: "a-host", release: "", machine: "", ...parts.utsname };
  for (const [i, name] of [nodename, release, "", hardware].entries())
    bytes.set(new TextEncoder().encode(name), 12 + 65 * (1 + i));
  const base = bits === 64 ? 424 : 412;
  for (const [i, value] of [status, block, subBlocks, allBlocks, version >= 6 ? 0 : frames].entries())
    put32(base + 4 * i, value);

  const sub = block;
  const level = sub + (bits === 64 ? 8 : 4);
  put32(level, 31);
  const [start, end] = split ?? [0, 0];
  put32(level + 4, split === undefined ? 0 : 1);
  const at =
    bits === 64
      ? { start: 16, end: 24, info: 32, start64: 80 }
      : { start: 12, end: 16, info: aligned ? 24 : 20, start64: aligned ? 72 : 56 };
  word(sub + at.start, start);
  word(sub + at.end, end);
  if (version >= 3 && text.length > 0) {
    put64(sub + at.info, 2 * block);
    word(sub + at.info + 8, text.length);
    bytes.set(text, 2 * block);
  }
  if (version >= 6)
    for (const [i, value] of [start, end, frames].entries()) put64(sub + at.start64 + 8 * i, value);

  const bitmap = (1 + subBlocks) * block;
  const set = (from: number, frame: number): void => {
    const i = from + (frame >> 3);
    bytes[i] = (bytes[i] as number) | (1 << (frame & 7));
  };
  for (const frame of oneBitmap ? pages.keys() : machine) set(bitmap, frame);
  if (!oneBitmap) for (const frame of pages.keys()) set(bitmap + bitmapBlocks * block, frame);

  let next = data;
  for (const [i, [frame, page]] of inPart.entries()) {
    const descriptor = descriptors + 24 * i;
    if (!lost.includes(frame)) {
      put64(descriptor, next);
      put32(descriptor + 8, page.length);
      put32(descriptor + 12, typeof flags === "number" ? flags : flags(page));
    }
    bytes.set(page, next);
    next += page.length;
  }
  return bytes;
}

export interface Segment {
  readonly type?: number;
  readonly paddr: number;
  readonly data: Uint8Array;
  readonly memsz?: number;
}

export interface ElfParts {
  readonly bits?: 32 | 64;
  readonly little?: boolean;
  readonly type?: number;
  readonly machine?: number;
  readonly segments: readonly Segment[];
  /** Where the program headers go: QEMU does not put them behind the header. */
  readonly phoff?: number;
}

export function elfFile(parts: ElfParts): Uint8Array {
  const { bits = 64, little = true, type = 4, machine = 62, segments, phoff = bits === 64 ? 64 : 52 } = parts;
  const wide = bits === 64;
  const each = wide ? 56 : 32;
  const many = segments.length > 65534;
  const shoff = phoff + each * segments.length;
  let next = shoff + (many ? (wide ? 64 : 40) : 0);
  const bytes = new Uint8Array(next + segments.reduce((sum, { data }) => sum + data.length, 0));
  const view = new DataView(bytes.buffer);
  const put16 = (at: number, value: number): void => view.setUint16(at, value, little);
  const put32 = (at: number, value: number): void => view.setUint32(at, value, little);
  const word = (at: number, value: number): void =>
    wide ? view.setBigUint64(at, BigInt(value), little) : put32(at, value);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  put16(16, type);
  put16(18, machine);
  word(wide ? 32 : 28, phoff);
  word(wide ? 40 : 32, many ? shoff : 0);
  put16(wide ? 54 : 42, each);
  put16(wide ? 56 : 44, many ? 0xffff : segments.length);
  if (many) put32(shoff + (wide ? 44 : 28), segments.length);
  for (const [i, { type: kind = 1, paddr, data, memsz = data.length }] of segments.entries()) {
    const at = phoff + each * i;
    put32(at, kind);
    word(at + (wide ? 8 : 4), next);
    word(at + (wide ? 24 : 12), paddr);
    word(at + (wide ? 32 : 16), data.length);
    word(at + (wide ? 40 : 20), memsz);
    bytes.set(data, next);
    next += data.length;
  }
  return bytes;
}

export function note(name: string, type: number, text: string, little = true): Uint8Array {
  const data = new TextEncoder().encode(text);
  const padded = (length: number): number => Math.ceil(length / 4) * 4;
  const bytes = new Uint8Array(12 + padded(name.length + 1) + padded(data.length));
  const view = new DataView(bytes.buffer);
  for (const [i, value] of [name.length + 1, data.length, type].entries())
    view.setUint32(4 * i, value, little);
  bytes.set(new TextEncoder().encode(name), 12);
  bytes.set(data, 12 + padded(name.length + 1));
  return bytes;
}

/** Records of [offset, bytes], in their order. */
export function flattened(records: readonly (readonly [number, Uint8Array])[], ended = true): Uint8Array {
  const length = records.reduce((sum, [, data]) => sum + 16 + data.length, 4096) + (ended ? 16 : 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("makedumpfile"));
  view.setBigInt64(16, 1n);
  view.setBigInt64(24, 1n);
  let at = 4096;
  for (const [offset, data] of records) {
    view.setBigInt64(at, BigInt(offset));
    view.setBigInt64(at + 8, BigInt(data.length));
    bytes.set(data, at + 16);
    at += 16 + data.length;
  }
  if (ended) view.setBigInt64(at, -1n);
  if (ended) view.setBigInt64(at + 8, -1n);
  return bytes;
}

/** LiME's ranges of [start, bytes]. */
export function limeFile(
  ranges: readonly (readonly [number, Uint8Array])[],
  magic = 0x4c694d45,
  version = 1,
): Uint8Array {
  return joined(
    ranges.flatMap(([start, data]) => {
      const head = new DataView(new ArrayBuffer(32));
      head.setUint32(0, magic, true);
      head.setUint32(4, version, true);
      head.setBigUint64(8, BigInt(start), true);
      head.setBigUint64(16, BigInt(start + data.length - 1), true);
      return [new Uint8Array(head.buffer), data];
    }),
  );
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A page whose every byte says which page it is. */
export const page = (number: number, bytes = 4096): Uint8Array => new Uint8Array(bytes).fill(number);
