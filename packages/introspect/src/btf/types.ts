// BTF: which structs there are, and where their members stand. See Documentation/bpf/btf.rst of Linux.
import { PtekitError } from "@ptekit/core";
import { bytesOf } from "../text.ts";

/** A member of a struct: bytes from its start, and its own size. */
export interface Member {
  readonly offset: number;
  readonly size: number;
  /** How many elements, where it is an array. */
  readonly elements: number | null;
}

/** The structs of a kernel. */
export interface Types {
  readonly count: number;
  /** Bytes of a struct, or null where there is none. */
  size(struct: string): number | null;
  /**
   * Where a member stands, or null. A path leads through structs, `f_path.dentry`; members of unnamed structs and unions are
   * found as in C.
   */
  member(struct: string, path: string): Member | null;
}

const MAGIC = 0xeb9f;
const HEADER_BYTES = 24;
const INT = 1;
const POINTER = 2;
const ARRAY = 3;
const STRUCT = 4;
const UNION = 5;
const ENUM = 6;
const FUNC_PROTO = 13;
const VAR = 14;
const DATASEC = 15;
const DECL_TAG = 17;
const ENUM64 = 19;
/** Kinds that stand for another type: typedef, volatile, const, restrict, type_tag. */
const SAME_AS = new Set([8, 9, 10, 11, 18]);
/** The kinds that there are; what comes later cannot be stepped over. */
const LAST_KIND = 19;
const MOST_TYPES = 4_000_000;
/** Unnamed structs in unnamed structs; chains of typedefs. */
const MOST_DEPTH = 32;

/** How many bytes follow a type, beside its 12: so many, and for each of its `vlen` so many more. */
const EXTRA = new Uint8Array(32);
const EXTRA_EACH = new Uint8Array(32);
for (const kind of [INT, VAR, DECL_TAG]) EXTRA[kind] = 4;
EXTRA[ARRAY] = 12;
for (const kind of [STRUCT, UNION, DATASEC, ENUM64]) EXTRA_EACH[kind] = 12;
for (const kind of [ENUM, FUNC_PROTO]) EXTRA_EACH[kind] = 8;

/**
 * The types of a BTF blob, of which the structs named in `structs` can be asked for.
 *
 * @throws PtekitError `BAD_FILE` for what is no BTF.
 */
export function readBtf(blob: Uint8Array, structs: readonly string[], pointerBytes: 4 | 8): Types {
  const head = headerOf(blob);
  if (typeof head === "string") throw new PtekitError("BAD_FILE", `this is no BTF: ${head}`);
  const { places, count, named } = indexOf(blob, head, structs);
  const u32 = wordsOf(blob, head.little);
  const kindAt = (at: number): number => (u32(at + 4) >>> 24) & 31;
  const placeOf = (id: number): number | null => (id >= 1 && id <= count ? (places[id] as number) : null);

  /** Past typedefs and qualifiers. */
  const resolved = (id: number): number | null => {
    let at = placeOf(id);
    for (let depth = 0; at !== null && SAME_AS.has(kindAt(at)); depth++) {
      if (depth >= MOST_DEPTH) return null;
      at = placeOf(u32(at + 8));
    }
    return at;
  };
  const sizeAt = (at: number, depth = 0): number => {
    if (kindAt(at) === POINTER) return pointerBytes;
    if (kindAt(at) !== ARRAY) return u32(at + 8);
    const element = resolved(u32(at + 12));
    return element === null || depth >= MOST_DEPTH ? 0 : sizeAt(element, depth + 1) * u32(at + 20);
  };

  /** A member of the struct at `at`, also in what it contains without a name: its bit offset, and where its type is. */
  const find = (at: number, name: Uint8Array, depth: number): { bit: number; type: number } | null => {
    if (depth >= MOST_DEPTH) return null;
    const info = u32(at + 4);
    for (let i = 0; i < (info & 0xffff); i++) {
      const member = at + 12 + 12 * i;
      // With the flag set, bits 31:24 are the width of a bit field.
      const bit = info >>> 31 === 1 ? u32(member + 8) & 0xff_ffff : u32(member + 8);
      const nameOffset = u32(member);
      if (nameOffset !== 0) {
        const type = isNamed(blob, head, nameOffset, name) ? resolved(u32(member + 4)) : null;
        if (type !== null) return { bit, type };
        continue;
      }
      const inner = resolved(u32(member + 4));
      if (inner === null || (kindAt(inner) !== STRUCT && kindAt(inner) !== UNION)) continue;
      const found = find(inner, name, depth + 1);
      if (found !== null) return { bit: bit + found.bit, type: found.type };
    }
    return null;
  };

  return {
    count,
    size: (struct) => {
      const at = named.get(struct);
      return at === undefined ? null : u32(at + 8);
    },
    member: (struct, path) => {
      let at = named.get(struct);
      let bit = 0;
      for (const name of path.split(".")) {
        if (at === undefined || (kindAt(at) !== STRUCT && kindAt(at) !== UNION)) return null;
        const found = find(at, bytesOf(name), 0);
        if (found === null) return null;
        bit += found.bit;
        at = found.type;
      }
      if (at === undefined || bit % 8 !== 0) return null;
      return { offset: bit / 8, size: sizeAt(at), elements: kindAt(at) === ARRAY ? u32(at + 20) : null };
    },
  };
}

interface Index {
  /** Where each type stands, by its number. */
  readonly places: Uint32Array;
  readonly count: number;
  readonly named: ReadonlyMap<string, number>;
}

/** One pass over all types; only names that begin as a wanted one are compared. */
function indexOf(blob: Uint8Array, head: BtfHeader, wanted: readonly string[]): Index {
  const { types, strings } = head;
  const words = numbersOf(blob, head);
  const named = new Map<string, number>();
  const take = takerOf(blob, head, wanted, named);
  const isFirst = new Uint8Array(256);
  for (const name of wanted) isFirst[name.charCodeAt(0)] = 1;
  let places = new Uint32Array(2 ** 18);
  let id = 0;
  for (let at = types.start; at + 12 <= types.end; ) {
    if (++id >= places.length) places = larger(places);
    places[id] = at;
    const place = at >>> 2;
    const info = words[place + 1] as number;
    const kind = (info >>> 24) & 31;
    if (kind === 0 || kind > LAST_KIND) throw unknownKind(kind);
    if (kind === STRUCT && isFirst[blob[strings.start + (words[place] as number)] as number] === 1)
      take(at, words[place] as number, words[place + 2] as number);
    at += 12 + (EXTRA[kind] as number) + (EXTRA_EACH[kind] as number) * (info & 0xffff);
    if (at > types.end) throw new PtekitError("BAD_FILE", "this BTF ends inside a type");
  }
  return { places, count: id, named };
}

const unknownKind = (kind: number): PtekitError =>
  new PtekitError("BAD_FILE", `this BTF has a type of kind ${kind}, which is not known here`);

/** Keeps where a struct stands, the first of its name that has a size, if it is wanted. */
function takerOf(
  blob: Uint8Array,
  head: BtfHeader,
  wanted: readonly string[],
  named: Map<string, number>,
): (at: number, name: number, size: number) => void {
  const candidates = wanted.map((name) => ({ name, bytes: bytesOf(name) }));
  return (at, offset, size) => {
    if (size === 0) return;
    for (const { name, bytes } of candidates)
      if (!named.has(name) && isNamed(blob, head, offset, bytes)) named.set(name, at);
  };
}

/** The blob as numbers of 32 bits; a copy where it does not lie as this machine's do. */
function numbersOf(blob: Uint8Array, { little }: BtfHeader): Uint32Array {
  const count = blob.length >>> 2;
  if (little === HOST_LITTLE && blob.byteOffset % 4 === 0)
    return new Uint32Array(blob.buffer, blob.byteOffset, count);
  const u32 = wordsOf(blob, little);
  return Uint32Array.from({ length: count }, (_, i) => u32(4 * i));
}

const HOST_LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

function larger(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  if (numbers.length > MOST_TYPES)
    throw new PtekitError("BAD_FILE", `this BTF has more than ${MOST_TYPES} types`);
  const copy = new Uint32Array(numbers.length * 2);
  copy.set(numbers);
  return copy;
}

function isNamed(blob: Uint8Array, { strings }: BtfHeader, offset: number, name: Uint8Array): boolean {
  const at = strings.start + offset;
  if (at + name.length >= strings.end || blob[at + name.length] !== 0) return false;
  for (let i = 0; i < name.length; i++) if (blob[at + i] !== name[i]) return false;
  return true;
}

function wordsOf(blob: Uint8Array, little: boolean): (at: number) => number {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  return (at) => view.getUint32(at, little);
}

interface BtfHeader {
  readonly little: boolean;
  readonly types: { readonly start: number; readonly end: number };
  readonly strings: { readonly start: number; readonly end: number };
}

/** Where the types and the strings are, or why this is no BTF. */
export function headerOf(blob: Uint8Array): BtfHeader | string {
  if (blob.length < HEADER_BYTES) return "it is shorter than a header";
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const little = view.getUint16(0, true) === MAGIC;
  if (!little && view.getUint16(0, false) !== MAGIC) return "it does not begin with the magic number 0xeb9f";
  const u32 = (at: number): number => view.getUint32(at, little);
  if (blob[2] !== 1) return `its version is ${blob[2]}`;
  const base = u32(4);
  const types = { start: base + u32(8), end: base + u32(8) + u32(12) };
  const strings = { start: base + u32(16), end: base + u32(16) + u32(20) };
  if (base < HEADER_BYTES || types.end > blob.length || strings.end > blob.length || types.start % 4 !== 0)
    return "its sections do not fit in it";
  return { little, types, strings };
}

/** How long the BTF is that begins with these 24 bytes, or null where they begin none. */
export function btfLength(head: Uint8Array): number | null {
  const padded = new Uint8Array(HEADER_BYTES);
  padded.set(head.subarray(0, HEADER_BYTES));
  const view = new DataView(padded.buffer);
  const little = view.getUint16(0, true) === MAGIC;
  if ((!little && view.getUint16(0, false) !== MAGIC) || padded[2] !== 1) return null;
  const u32 = (at: number): number => view.getUint32(at, little);
  const length = u32(4) + u32(16) + u32(20);
  return u32(4) >= HEADER_BYTES && u32(12) > 0 && u32(16) >= u32(8) + u32(12) ? length : null;
}
