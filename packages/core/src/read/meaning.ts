import type { ArchBackend } from "../interface/backend.ts";
import type { Decoded } from "../interface/decoded.ts";

/** What a decoded PTE is, in one line: `swap: type 3 (swap area 3), offset 0x1234 (page 4660); uffd-wp`. */
export function meaningOf(backend: ArchBackend, said: Decoded): string {
  const flags = flagsOf(said);
  const words = [headOf(backend, said), ...(flags.length > 0 ? [flags.join(", ")] : [])];
  return words.join("; ");
}

function headOf(backend: ArchBackend, said: Decoded): string {
  const type = said.type ?? 0;
  const offset = said.offset ?? 0n;
  const pfn = said.pfn === undefined ? "" : `, pfn ${shortHex(said.pfn)}`;
  switch (said.kind) {
    case "none":
      return said.pte === (backend.layout.empty ?? 0n)
        ? "none: an empty entry"
        : "none: pte_none() ignores the bits that are set";
    case "present":
      return `present${pfn}: no swap entry`;
    case "swap":
      return `swap: type ${type} (swap area ${type}), offset ${shortHex(offset)} (page ${offset})`;
    case "marker":
      return `marker: type ${type}, ${markersText(said)}`;
    case "unassigned":
      return `type ${type}, which nothing uses: offset ${shortHex(offset)}`;
    case "swapin-error":
      return `swapin-error: type ${type}, a page that could not be read back`;
    default:
      return `${said.kind}${accessText(said)}: type ${type}${pfn}`;
  }
}

function accessText(said: Decoded): string {
  return said.access === undefined || said.access === null ? "" : ` (${said.access})`;
}

function markersText(said: Decoded): string {
  const names = said.markers ?? [];
  return names.length > 0
    ? names.join(", ")
    : `no marker bit that this release reads (offset ${shortHex(said.offset ?? 0n)})`;
}

/** The flags that are set, in the kernel's words. */
function flagsOf(said: Decoded): string[] {
  const flags: readonly (readonly [string, boolean | undefined])[] = [
    ["exclusive", said.exclusive],
    ["soft-dirty", said.softDirty],
    ["uffd-wp", said.uffdWp],
    ["young", said.young],
    ["dirty", said.dirty],
  ];
  return flags.flatMap(([name, set]) => (set ? [name] : []));
}

const shortHex = (value: bigint): string => `0x${value.toString(16)}`;
