import { emptyPte, rowAt, rowsOf } from "../data/layout.ts";
import { matches } from "../data/predicate.ts";
import type { MarkerName } from "../data/swap-types.ts";
import { typeNumber } from "../data/swap-types.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { SpecialPteOptions } from "../interface/entry.ts";
import { claimSentence, freeBits } from "./claims.ts";

/**
 * A special PTE. By swap type: the word of make_pte_marker(). By bit: the empty PTE with that bit set. By header page: type 1, offset 0.
 *
 * @throws PtekitError `NO_MARKER_TYPE`, `NO_SUCH_MARKER`, `NO_SUCH_BIT`, `UNKNOWN_OPTION`.
 */
export function specialPte(backend: ArchBackend, marker: MarkerName, options: SpecialPteOptions): bigint {
  const way = wayOf(options);
  if (way !== "swap-type") {
    if (marker !== "uffd-wp") {
      const what = way === "bit" ? "one bit makes" : "the header page's entry is";
      throw new PtekitError(
        "NO_SUCH_MARKER",
        `${backend.layout.id}: ${what} one special PTE, uffd-wp; it has no room for ${String(marker)}`,
      );
    }
    if (way === "header-page") return backend.encode({ type: 1, offset: 0n });
    return emptyPte(backend.layout) | (1n << BigInt(specialBit(backend, options.bit)));
  }
  const type = markerType(backend);
  const bit = backend.types.markers.find((entry) => entry.name === marker);
  if (!bit) {
    const known = backend.types.markers.map((entry) => entry.name).join(", ");
    throw new PtekitError(
      "NO_SUCH_MARKER",
      `${backend.layout.id}: ${backend.kernel.release} has the markers ${known}, not ${String(marker)}`,
    );
  }
  return backend.encode({ type, offset: bit.value });
}

/** Whether a PTE is special in that way: a marker of any kind, or exactly the word that the bit or the header page makes. */
export function isSpecialPte(backend: ArchBackend, pte: bigint, options: SpecialPteOptions): boolean {
  if (wayOf(options) !== "swap-type") return pte === specialPte(backend, "uffd-wp", options);
  markerType(backend);
  return backend.decode(pte).kind === "marker";
}

function wayOf(options: SpecialPteOptions): SpecialPteOptions["by"] {
  const { by, bit, ...unknown } = options ?? {};
  for (const key of Object.keys(unknown)) {
    throw new PtekitError("UNKNOWN_OPTION", `a special PTE is made with by and bit, not ${key}`);
  }
  if (by !== "swap-type" && by !== "bit" && by !== "header-page") {
    throw new PtekitError(
      "UNKNOWN_OPTION",
      `a special PTE is made by "swap-type", by "bit" or by "header-page", not ${String(by)}`,
    );
  }
  if (by !== "bit" && bit !== undefined) {
    throw new PtekitError("UNKNOWN_OPTION", `bit goes with by: "bit"`);
  }
  return by;
}

function markerType(backend: ArchBackend): number {
  const type = typeNumber(backend.types, "marker");
  if (type === undefined) {
    throw new PtekitError(
      "NO_MARKER_TYPE",
      `${backend.layout.id}: ${backend.kernel.release} has no PTE marker type (5.19 and later, before 6.2 only with CONFIG_PTE_MARKER)`,
    );
  }
  return type;
}

/** The bit to use: the one asked for, if it can make a special PTE, or the uffd-wp bit. */
function specialBit(backend: ArchBackend, asked: number | undefined): number {
  const { layout } = backend;
  const bit = asked === undefined ? rowsOf(layout, "uffdWp")[0]?.low : asked;
  if (bit === undefined) {
    throw new PtekitError("NO_SUCH_BIT", `${layout.id}: swap PTEs have no uffd-wp bit; ${toSpare(backend)}`);
  }
  if (!Number.isInteger(bit) || bit < 0 || bit >= layout.pteBits) {
    throw new PtekitError(
      "NO_SUCH_BIT",
      `${layout.id}: a bit is a whole number from 0 to ${layout.pteBits - 1}, not ${bit}`,
    );
  }
  if (rowAt(layout, bit)?.kind !== "uffdWp" && !usableBits(backend).includes(bit)) {
    const why = isNoneWith(backend, bit)
      ? `pte_none() ignores bit ${bit}: the empty PTE with it set is still none`
      : claimSentence(layout, bit);
    throw new PtekitError("NO_SUCH_BIT", `${layout.id}: ${why}; ${toSpare(backend)}`);
  }
  return bit;
}

function toSpare(backend: ArchBackend): string {
  const usable = usableBits(backend);
  return usable.length === 0 ? "it has none to spare" : `to spare: ${usable.join(", ")}`;
}

/** The free bits that make a PTE which is neither none nor present. */
function usableBits(backend: ArchBackend): number[] {
  return freeBits(backend.layout).filter((bit) => !isNoneWith(backend, bit));
}

function isNoneWith(backend: ArchBackend, bit: number): boolean {
  return matches(backend.layout.none, emptyPte(backend.layout) | (1n << BigInt(bit)));
}
