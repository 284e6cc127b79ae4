import { shortHex } from "../data/bits.ts";
import { emptyPte } from "../data/layout.ts";
import { typeMeaning } from "../data/swap-types.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { Decoded, DecodedMarker, DecodedPresent } from "../interface/decoded.ts";
import { requireKernel } from "../util/require.ts";

/** What a decoded PTE is, in one line: `swap: type 3 (swap area 3), offset 0x1234 (page 4660); uffd-wp`. */
export function meaningOf(backend: ArchBackend, said: Decoded): string {
  requireKernel(backend);
  const flags = flagsOf(said);
  const { level } = backend;
  const foreign =
    level !== "pte" && !UPPER_KINDS.includes(said.kind)
      ? [`no ${level.toUpperCase()} holds such an entry`]
      : [];
  const words = [headOf(backend, said), ...foreign, ...(flags.length > 0 ? [flags.join(", ")] : [])];
  return words.join("; ");
}

function headOf(backend: ArchBackend, said: Decoded): string {
  switch (said.kind) {
    case "none":
      return said.pte === emptyPte(backend.layout)
        ? "none: an empty entry"
        : "none: pte_none() ignores the bits that are set";
    case "present":
      return presentText(backend, said);
    case "swap":
      return `swap: type ${said.type} (swap area ${said.type}), offset ${shortHex(said.offset)} (page ${said.offset})`;
    case "marker":
      return `marker: type ${said.type}, ${markersText(said)}`;
    case "unassigned":
      if (typeMeaning(backend.types, said.type) === "userswap") {
        return `userswap: type ${said.type}, offset ${shortHex(said.offset)}, a page that a user program has taken out`;
      }
      return `type ${said.type}, which nothing uses: offset ${shortHex(said.offset)}`;
    case "swapin-error":
      return `swapin-error: type ${said.type}, a page that could not be read back`;
    case "hwpoison":
      return `hwpoison: type ${said.type}, pfn ${shortHex(said.pfn)}`;
    case "migration":
    case "device-private":
    case "device-exclusive": {
      const access = said.access === null || said.access === undefined ? "" : ` (${said.access})`;
      return `${said.kind}${access}: type ${said.type}, pfn ${shortHex(said.pfn)}`;
    }
  }
}

/** What an entry above the PTEs can be beside a present one: a THP's, or a hugetlbfs page's. */
const UPPER_KINDS: readonly string[] = [
  "none",
  "present",
  "migration",
  "device-private",
  "hwpoison",
  "marker",
];

function presentText({ level }: ArchBackend, { pfn, leaf, table, bad, protNone }: DecodedPresent): string {
  const present = protNone === true ? "present, PROT_NONE" : "present";
  const page = pfn === undefined ? "" : `, pfn ${shortHex(pfn)}`;
  if (level === "pte" || leaf === undefined) return `${present}${page}: no swap entry`;
  if (table !== undefined) return `present: leads to the table at ${shortHex(table)}`;
  return bad ? "present, but neither a table nor a page: bad" : `${present}: a huge page${page}`;
}

function markersText({ markers, offset }: DecodedMarker): string {
  return markers.length > 0
    ? markers.join(", ")
    : `no marker bit that this release reads (offset ${shortHex(offset)})`;
}

/** The flags that are set, in the kernel's words. */
function flagsOf(said: Decoded): string[] {
  const flags: readonly (readonly [string, boolean | undefined])[] = [
    ["exclusive", "exclusive" in said && said.exclusive],
    ["soft-dirty", "softDirty" in said && said.softDirty],
    ["uffd-wp", "uffdWp" in said && said.uffdWp],
    ["young", "young" in said && said.young],
    ["dirty", "dirty" in said && said.dirty],
  ];
  return flags.flatMap(([name, set]) => (set ? [name] : []));
}
