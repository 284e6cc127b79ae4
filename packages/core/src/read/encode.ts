import { checkKeys } from "../codec/arguments.ts";
import type { Codec } from "../codec/codec.ts";
import { FLAG_NAMES } from "../codec/codec.ts";
import { encodeEntry } from "../codec/encode.ts";
import { emptyPte } from "../data/layout.ts";
import { PtekitError } from "../errors.ts";
import type { Decoded, DecodedEntry } from "../interface/decoded.ts";
import type { EncodeOptions, SwapEntry } from "../interface/entry.ts";
import type { BackendParts } from "../interface/kernel.ts";
import { same } from "../util/same.ts";
import type { Reader } from "./decode.ts";

/** What an answer says of where it comes from, which encode does not look at. */
const ORIGIN = ["pte", "arch", "layout", "assumed", "swpEntry"];
/** What the type and the offset mean: encode takes it where it is what they mean. */
const MEANING = ["kind", "access", "pfn", "young", "dirty", "markers"];
const ENTRY = ["type", "offset", ...FLAG_NAMES];

/** The PTE of an entry or of an answer, as {@link ArchBackend.encode} says it. */
export function encodeSaid(
  parts: BackendParts,
  codec: Codec,
  read: Reader,
  said: SwapEntry | Decoded,
  options?: EncodeOptions,
): bigint {
  const { layout } = parts;
  const kind: unknown = Object(said).kind;
  if (kind === "present") {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${layout.id}: a present PTE is no entry; encodePresent() writes one`,
    );
  }
  checkKeys(said, kind === undefined ? ENTRY : [...ENTRY, ...MEANING, ...ORIGIN], "an entry");
  if (!("kind" in said)) return encodeEntry(parts, codec, said, options);
  if (kind === "none" && !("type" in said)) return emptyPte(layout);
  const { type, offset, exclusive, softDirty, uffdWp } = said as DecodedEntry;
  const pte = encodeEntry(parts, codec, { type, offset, exclusive, softDirty, uffdWp }, options);
  const meant = read(pte);
  for (const key of MEANING) {
    const given = Reflect.get(said, key);
    const found = Reflect.get(meant, key);
    if (given !== undefined && !same(given, found)) {
      throw new PtekitError(
        "BAD_ARGUMENT",
        `${layout.id}: ${key} ${text(given)} does not go with type ${type} and offset ${text(offset)}, which mean ${found === undefined ? `no ${key}` : text(found)}`,
      );
    }
  }
  return pte;
}

const text = (value: unknown): string =>
  typeof value === "bigint" ? `0x${value.toString(16)}` : String(value);
