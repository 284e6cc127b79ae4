import type { Word } from "./interface.ts";

/** What a word is, in one line: `swap: type 3 (swap area 3), offset 0x1234 (page 4660); soft-dirty`. */
export function meaningOf(word: Omit<Word, "meaning">): string {
  if (word.foreign) return "somebody's data, no entry";
  const flags = (word.flags ?? []).filter((flag) => !(word.markers ?? []).includes(flag)).map((flag) => NAMES[flag] ?? flag);
  return flags.length > 0 ? `${head(word)}; ${flags.join(", ")}` : head(word);
}

const NAMES: Readonly<Record<string, string>> = { softDirty: "soft-dirty", uffdWp: "uffd-wp" };

function head({ kind, type, offset, pfn, markers, access, names, level }: Omit<Word, "meaning">): string {
  const frame = pfn === undefined ? "" : `, pfn ${pfn}`;
  switch (kind) {
    case undefined:
      return level === "pte" ? "an entry; which kernel's is not known" : `an entry of level ${level}`;
    case "none":
      return "none: an empty entry";
    case "table":
      return "points to the next table";
    case "bad":
      return "bad: no table as the kernel makes them";
    case "present":
      return `present${frame}${names && names.length > 0 ? `: ${names.join(" ")}` : ""}`;
    case "swap":
      return `swap: type ${type} (swap area ${type}), offset ${offset} (page ${BigInt(offset ?? "0x0")})`;
    case "marker":
      return `marker: type ${type}, ${markers && markers.length > 0 ? markers.join(", ") : `no marker bit that this release reads (offset ${offset})`}`;
    case "unassigned":
      return `type ${type}, which nothing uses: offset ${offset}`;
    case "swapin-error":
      return `swapin-error: type ${type}, a page that could not be read back`;
    default:
      return `${kind}${access ? ` (${access})` : ""}: type ${type}${frame}`;
  }
}
