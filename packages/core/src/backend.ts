import { spareBits } from "./ask/spare-bits.ts";
import { isSpecialPte, specialPte } from "./ask/special.ts";
import { checkWord } from "./codec/arguments.ts";
import { codecOf, maxOffsetOf, maxTypeOf } from "./codec/codec.ts";
import { encodeEntry, encodePfnEntry } from "./codec/encode.ts";
import { bytesOf, fromBytes, storedOver } from "./codec/memory.ts";
import { emptyPte, longBitsOf } from "./data/layout.ts";
import type { ArchBackend } from "./interface/backend.ts";
import type { BackendParts } from "./interface/kernel.ts";
import { assumedOf } from "./read/assumed.ts";
import { readPte } from "./read/decode.ts";
import { pmdParts } from "./target/pmd.ts";
import { lazily } from "./util/lazily.ts";

/** A backend from its parts: the verbs that the data means. */
export function createBackend(parts: BackendParts): ArchBackend {
  const { layout, types, kernel } = parts;
  const codec = codecOf(layout, kernel.swpTypeShift);
  const assumedFor = assumedOf(parts);
  const assumed = lazily(() => assumedAtAll(parts));
  const pmd = lazily(() => {
    const found = pmdParts(parts);
    return found && createBackend(found);
  });
  const wordIn = (pte: bigint): bigint => checkWord(pte, layout.pteBits, layout.id, "PTE");

  const backend: ArchBackend = {
    arch: parts.arch,
    layout,
    present: parts.present,
    geometry: parts.geometry ?? null,
    types,
    kernel,
    get pmd() {
      return pmd();
    },
    get assumed() {
      return assumed();
    },
    maxType: maxTypeOf(layout, kernel.swpTypeShift),
    maxOffset: maxOffsetOf(layout, kernel.swpTypeShift),
    decode(pte) {
      const answer = readPte(parts, codec, wordIn(pte));
      if (parts.assumptions.length > 0) answer.assumed = assumedFor(pte, answer);
      return answer;
    },
    encode: (entry, options) => encodeEntry(parts, codec, entry, options),
    encodePfn: (kind, pfn, options) => encodePfnEntry(parts, codec, kind, pfn, options),
    toSwpEntry: (pte) => codec.toSwpEntry(wordIn(pte)),
    fromSwpEntry: (entry) =>
      codec.fromSwpEntry(checkWord(entry, longBitsOf(layout), layout.id, "swp_entry_t")),
    specialPte: (marker, options) => specialPte(backend, marker, options),
    isSpecialPte: (pte, options) => isSpecialPte(backend, wordIn(pte), options),
    stored: (pte, before = emptyPte(layout)) => storedOver(layout, wordIn(pte), wordIn(before)),
    spareBits: () => spareBits(parts),
    toBytes: (pte) => bytesOf(wordIn(pte), layout, kernel.byteOrder),
    fromBytes: (bytes) => fromBytes(bytes, layout, kernel.byteOrder),
  };
  return Object.freeze(backend);
}

/** Each default that could change an answer, and what this kernel never does. */
function assumedAtAll({ assumptions, types, kernel }: BackendParts): string[] {
  return [
    ...new Set(assumptions.map(({ sentence }) => sentence)),
    ...(types.markers.length > 0 && !kernel.armsUffdWp
      ? [
          `this kernel never arms uffd-wp (no CONFIG_HAVE_ARCH_USERFAULTFD_WP, or no bit for it): it writes no uffd-wp marker`,
        ]
      : []),
  ];
}
