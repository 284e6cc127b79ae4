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
 * The places of wanted names among `count` names: the first of each; null where the names go on beyond their end. Names are
 * told apart by their length, of which the tokens' lengths are the sum, and only those of a wanted length are compared.
 */
export function placesOf(
  names: Uint8Array,
  count: number,
  table: Tokens,
  wanted: readonly string[],
): ReadonlyMap<string, number> | null {
  const lengths = Uint8Array.from(table, (token) => Math.min(255, token.length));
  const isWanted = new Uint8Array(1024);
  for (const name of wanted) isWanted[name.length + 1] = 1;
  const found = new Map<string, number>();
  const find = finder(names, table, wanted);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at >= names.length) return null;
    let tokens = names[at++] as number;
    if (tokens & 0x80) tokens = (tokens & 0x7f) | ((names[at++] as number) << 7);
    const end = at + tokens;
    if (end > names.length) return null;
    let length = 0;
    for (let j = at; j < end; j++) length += lengths[names[j] as number] as number;
    if (isWanted[length] === 1) {
      const name = find(at, end, length);
      if (name !== null && !found.has(name)) found.set(name, i);
    }
    at = end;
  }
  return found;
}

/** Finds which wanted name stands between two places, its type and its text together of a length. */
function finder(
  names: Uint8Array,
  table: Tokens,
  wanted: readonly string[],
): (at: number, end: number, length: number) => string | null {
  const candidates = wanted.map((name) => ({ name, bytes: bytesOf(name) }));
  return (at, end, length) => {
    for (const { name, bytes } of candidates)
      if (bytes.length === length - 1 && isText(names, at, end, table, bytes)) return name;
    return null;
  };
}

/** Whether tokens are a text after their first character. */
function isText(names: Uint8Array, at: number, end: number, table: Tokens, text: Uint8Array): boolean {
  let place = -1;
  for (let i = at; i < end; i++) {
    const token = table[names[i] as number] as Uint8Array;
    for (let j = 0; j < token.length; j++, place++) if (place >= 0 && token[j] !== text[place]) return false;
  }
  return place === text.length;
}
