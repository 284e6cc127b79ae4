// The compressed names of kallsyms: a length and as many tokens; the first character of the text is the symbol's type.
import { bytesOf } from "../text.ts";

/** The 256 tokens: the bytes of each. */
export type Tokens = readonly Uint8Array[];

/** The tokens by their table and its index of 256 offsets of 16 bits. */
export function tokensOf(table: Uint8Array, index: Uint8Array, little: boolean): Tokens {
  const offsets = new DataView(index.buffer, index.byteOffset, index.byteLength);
  return Array.from({ length: 256 }, (_, i) => {
    const start = offsets.getUint16(2 * i, little);
    const end = table.indexOf(0, start);
    return table.subarray(start, end < 0 ? table.length : end);
  });
}

/** Where a name begins, and how many tokens it has; since 6.1 a length of two bytes has its top bit set. */
export interface Entry {
  readonly at: number;
  readonly tokens: number;
}

export function entryAt(names: Uint8Array, at: number): Entry {
  const first = names[at] as number;
  return first & 0x80
    ? { at: at + 2, tokens: (first & 0x7f) | ((names[at + 1] as number) << 7) }
    : { at: at + 1, tokens: first };
}

/** The text of a name, its type first. */
export function spelled(names: Uint8Array, { at, tokens }: Entry, table: Tokens): string {
  let text = "";
  for (const token of names.subarray(at, at + tokens))
    for (const byte of table[token] as Uint8Array) text += String.fromCharCode(byte);
  return text;
}

/**
 * The places of wanted names among `count` names: the first of each. Names are told apart by their length, of which the
 * tokens' lengths are the sum, and only those of a wanted length are spelled out.
 */
export function placesOf(
  names: Uint8Array,
  count: number,
  table: Tokens,
  wanted: readonly string[],
): ReadonlyMap<string, number> {
  const lengths = Uint8Array.from(table, (token) => Math.min(255, token.length));
  const byLength = new Map<number, Uint8Array[]>();
  const isWanted = new Uint8Array(1024);
  for (const name of wanted) {
    byLength.set(name.length + 1, [...(byLength.get(name.length + 1) ?? []), bytesOf(name)]);
    isWanted[name.length + 1] = 1;
  }
  const found = new Map<string, number>();
  for (let i = 0, at = 0; i < count && at < names.length && found.size < wanted.length; i++) {
    let tokens = names[at++] as number;
    if (tokens & 0x80) tokens = (tokens & 0x7f) | ((names[at++] as number) << 7);
    const end = at + tokens;
    let length = 0;
    for (let j = at; j < end; j++) length += lengths[names[j] as number] as number;
    if (length < 1024 && isWanted[length] === 1) {
      const candidates = byLength.get(length) as Uint8Array[];
      const text = spelled(names, { at, tokens }, table).slice(1);
      if (candidates.some((name) => String.fromCharCode(...name) === text) && !found.has(text))
        found.set(text, i);
    }
    at = end;
  }
  return found;
}
