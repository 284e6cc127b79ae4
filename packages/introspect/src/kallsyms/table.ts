// kallsyms as a whole: where its parts are, and addresses of wanted names.
import type { KernelMemory } from "../virtual.ts";
import { placesOf, type Tokens, tokensOf } from "./names.ts";

/** Where the parts of kallsyms are in kernel memory. */
export interface KallsymsPlaces {
  readonly numSyms: bigint;
  readonly names: bigint;
  readonly tokenTable: bigint;
  readonly tokenIndex: bigint;
  readonly offsets: bigint;
  /** Absent since 6.16, where offsets are from their own place. */
  readonly relativeBase: bigint | null;
}

/**
 * How a symbol's address is written.
 *
 * - `percpu`: offsets from the base, where negative, and absolute ones below 2^31, where not (x86 with SMP, up to 6.14)
 * - `relative`: unsigned offsets from the base
 * - `place`: signed offsets from the place of the offset itself
 * - `absolute`: whole addresses (no CONFIG_KALLSYMS_BASE_RELATIVE)
 */
export type AddressForm = "percpu" | "relative" | "place" | "absolute";

export interface Kallsyms {
  /** Wanted names that there are. */
  readonly addresses: ReadonlyMap<string, bigint>;
  readonly count: number;
  readonly form: AddressForm;
}

/** A symbol that every kernel has, and its address, where something else says it. */
export interface KnownSymbol {
  readonly name: string;
  readonly address?: bigint;
}

const MOST_SYMBOLS = 4_000_000;
/** The largest names table seen has 3 MB. */
const MOST_NAME_BYTES = 2 ** 26;
/** Longest a token table can be: 256 tokens, the longest names' parts. */
const TOKEN_TABLE_BYTES = 4096;
const READ_BYTES = 2 ** 16;

/**
 * The wanted symbols, or a sentence that says why there are none. `known` is a symbol whose address is known otherwise: the
 * form is the one that gives it. Or the form is known.
 */
export function readKallsyms(
  kernel: KernelMemory,
  places: KallsymsPlaces & { readonly form?: AddressForm },
  known: KnownSymbol,
  wanted: readonly string[],
): Kallsyms | string {
  const count = kernel.u32(places.numSyms);
  if (count === null) return "the number of symbols is not in the dump";
  if (count < 1 || count > MOST_SYMBOLS) return `kallsyms says that it has ${count} symbols`;
  const tokens = readTokens(kernel, places);
  if (tokens === null) return "the tokens of kallsyms are not in the dump";
  const names = readNames(kernel, places, count);
  if (typeof names === "string") return names;
  const found = placesOf(names, count, tokens, [...new Set([known.name, ...wanted])]);
  if (found === null) return BEYOND;
  const at = found.get(known.name);
  if (at === undefined) return `kallsyms has no ${known.name}`;
  const form =
    known.address === undefined ? (places.form ?? null) : formOf(kernel, places, at, known.address);
  if (form === null) return `no way to write addresses gives ${known.name} its own`;
  const addresses = new Map<string, bigint>();
  for (const [name, i] of found) {
    const address = addressBy(form, kernel, places, i);
    if (address !== null) addresses.set(name, address);
  }
  return { addresses, count, form };
}

export function readTokens(
  kernel: KernelMemory,
  { tokenTable, tokenIndex }: Pick<KallsymsPlaces, "tokenTable" | "tokenIndex">,
): Tokens | null {
  const before = tokenIndex - tokenTable;
  const size = before > 0n && before < BigInt(TOKEN_TABLE_BYTES) ? Number(before) : TOKEN_TABLE_BYTES;
  const table = new Uint8Array(size);
  const index = new Uint8Array(512);
  if (kernel.read(tokenTable, table) !== "read" || kernel.read(tokenIndex, index) !== "read") return null;
  return tokensOf(table, index, kernel.little);
}

/** The names, read up to where something else begins for certain, or a piece is missing. */
function readNames(kernel: KernelMemory, places: KallsymsPlaces, count: number): Uint8Array | string {
  // The parts are a few megabytes apart: as numbers they are exact.
  const ends = [places.tokenTable, places.offsets]
    .map((end) => Number(end - places.names))
    .filter((end) => end > 0);
  const most = ends.length > 0 ? Math.min(...ends) : MOST_NAME_BYTES;
  if (most > MOST_NAME_BYTES) return `the names of kallsyms would have ${most} bytes`;
  const bytes = new Uint8Array(most);
  if (ends.length > 0 && kernel.read(places.names, bytes) === "read") return bytes;
  for (let at = 0, entries = 0, done = 0; done < bytes.length; done += READ_BYTES) {
    const part = bytes.subarray(done, done + READ_BYTES);
    if (kernel.read(places.names + BigInt(done), part) !== "read")
      return "names of kallsyms are not in the dump";
    const have = done + part.length;
    while (entries < count && at + 2 <= have) {
      const first = bytes[at] as number;
      at += first & 0x80 ? 2 + ((first & 0x7f) | ((bytes[at + 1] as number) << 7)) : 1 + first;
      entries++;
    }
    if (entries === count && at <= have) return bytes.subarray(0, at);
  }
  return BEYOND;
}

const BEYOND = "the names of kallsyms go on beyond their end";

const FORMS: readonly AddressForm[] = ["percpu", "relative", "place", "absolute"];

function formOf(
  kernel: KernelMemory,
  places: KallsymsPlaces,
  at: number,
  address: bigint,
): AddressForm | null {
  return FORMS.find((form) => addressBy(form, kernel, places, at) === address) ?? null;
}

/** The address of symbol number `at`. */
export function addressBy(
  form: AddressForm,
  kernel: KernelMemory,
  { offsets, relativeBase }: Pick<KallsymsPlaces, "offsets" | "relativeBase">,
  at: number,
): bigint | null {
  if (form === "absolute") return kernel.word(offsets + BigInt(at * (kernel.bits / 8)));
  const place = offsets + BigInt(4 * at);
  const raw = kernel.u32(place);
  if (raw === null) return null;
  const signed = BigInt(raw | 0);
  const wrap = (address: bigint): bigint => BigInt.asUintN(kernel.bits, address);
  if (form === "place") return wrap(place + signed);
  const base = relativeBase === null ? null : kernel.word(relativeBase);
  if (base === null) return null;
  if (form === "relative") return wrap(base + BigInt(raw));
  return signed >= 0n ? signed : wrap(base - 1n - signed);
}
