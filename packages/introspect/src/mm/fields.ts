// The structs that are read, each by one read of the bytes between its first and its last wanted member.
import type { ReadOutcome } from "@ptekit/dump";
import type { Member, Types } from "../btf/types.ts";
import type { KernelMemory } from "../virtual.ts";

/** The values of a struct that was read. */
export interface Values<Name extends string> {
  has(name: Name): boolean;
  /** A number or a pointer of up to 8 bytes. 0 where the member is missing. */
  big(name: Name): bigint;
  /** The lowest 32 bits of one, signed. */
  int(name: Name): number;
  /** The bytes of the member; good until the next read. */
  bytes(name: Name): Uint8Array;
}

/** Puts members of the struct that was read last into `into` from `at` on: the low and the high 32 bits of each. */
export type TakeHalves = (into: Uint32Array, at: number) => void;

export interface Struct<Name extends string> {
  readonly member: (name: Name) => Member | null;
  /** For structs of which there are many: the halves of these members, 0 where one is missing. */
  halves(names: readonly Name[]): TakeHalves;
  read(address: bigint): Values<Name> | Exclude<ReadOutcome, "read"> | "unmapped";
}

/** Bytes between two members, at most: structs are a few kilobytes. */
const MOST_BYTES = 65_536;

/**
 * A reader of a struct, or a sentence that says what of it the kernel's types lack.
 *
 * A member is found by the first of its names that there is: names change, and what they mean does not.
 */
export function structOf<Name extends string>(
  kernel: KernelMemory,
  types: Types,
  name: string,
  wanted: Readonly<Record<Name, readonly string[]>>,
  optional: readonly Name[] = [],
): Struct<Name> | string {
  if (types.size(name) === null) return `the kernel's types have no struct ${name}`;
  const members = new Map<Name, Member>();
  for (const [key, names] of Object.entries(wanted) as [Name, readonly string[]][]) {
    const member = names.map((path) => types.member(name, path)).find((found) => found !== null);
    if (member != null) members.set(key, member);
    else if (!optional.includes(key)) return `struct ${name} has no member ${names.join(" or ")}`;
  }
  const all = [...members.values()];
  const start = Math.min(...all.map(({ offset }) => offset));
  const end = Math.max(...all.map(({ offset, size }) => offset + size));
  if (!(end - start > 0 && end - start <= MOST_BYTES))
    return `struct ${name} has members ${end - start} bytes apart`;
  const buffer = new Uint8Array(end - start);
  const view = new DataView(buffer.buffer);
  const { little, bits } = kernel;
  const from = BigInt(start);
  const number = (member: Member | undefined): bigint => {
    if (member === undefined) return 0n;
    const at = member.offset - start;
    if (member.size === 8) return view.getBigUint64(at, little);
    if (member.size === 4) return BigInt(view.getUint32(at, little));
    return BigInt(member.size === 2 ? view.getUint16(at, little) : view.getUint8(at));
  };
  /** The lowest 32 bits. */
  const low = (member: Member | undefined): number => {
    if (member === undefined) return 0;
    const at = member.offset - start;
    if (member.size === 8) return view.getInt32(little ? at : at + 4, little);
    if (member.size === 4) return view.getInt32(at, little);
    return member.size === 2 ? view.getUint16(at, little) : view.getUint8(at);
  };
  const values: Values<Name> = {
    has: (key) => members.has(key),
    big: (key) => number(members.get(key)),
    int: (key) => low(members.get(key)),
    bytes: (key) => {
      const member = members.get(key);
      return member === undefined
        ? new Uint8Array(0)
        : buffer.subarray(member.offset - start, member.offset - start + member.size);
    },
  };
  const halves = (names: readonly Name[]): TakeHalves => {
    const places = names.map((name) => {
      const member = members.get(name);
      const at = member === undefined ? -1 : member.offset - start;
      return { at, size: member?.size ?? 0 };
    });
    const [lowAt, highAt] = little ? [0, 4] : [4, 0];
    return (into, at) => {
      let to = at;
      for (const place of places) {
        const wide = place.size === 8;
        into[to++] =
          place.size >= 4
            ? view.getUint32(wide ? place.at + lowAt : place.at, little)
            : place.at < 0
              ? 0
              : place.size === 2
                ? view.getUint16(place.at, little)
                : view.getUint8(place.at);
        into[to++] = wide ? view.getUint32(place.at + highAt, little) : 0;
      }
    };
  };
  return {
    member: (key) => members.get(key) ?? null,
    halves,
    read: (address) => {
      const outcome = kernel.read(BigInt.asUintN(bits, address + from), buffer);
      return outcome === "read" ? values : outcome;
    },
  };
}
