import type { LogLine } from "./lines.ts";

/** A place in a log where a PTE or a swp_entry_t is printed. */
export interface Sighting {
  /** `pte`: the raw word of that architecture; `entry`: the swp_entry_t, the same everywhere. */
  readonly what: "pte" | "entry";
  readonly value: bigint;
  /** As it was printed. */
  readonly digits: string;
  readonly line: number;
  /** `swap_info_get: Bad swap file entry` */
  readonly message: string;
  /** What the kernel means by that message. */
  readonly meaning: string;
  readonly process?: string;
  /** The PMD that a report prints beside. */
  readonly pmd?: bigint;
}

interface Pattern {
  readonly what: Sighting["what"];
  /** Its groups: `word`, and where there are such, `by`, `process`, `pmd`. */
  readonly form: RegExp;
  readonly message: string;
  readonly meaning: string;
}

const WORD = "(?:0x)?(?<word>[0-9a-f]+(?:_[0-9a-f]+)*)";
const BY = "(?:(?<by>\\w+):\\s+)?";
const swap = (text: string, meaning: string): Pattern => ({
  what: "entry",
  form: new RegExp(`${BY}${text.replaceAll(" ", "\\s+")}:?\\s+${WORD}`, "gi"),
  message: text,
  meaning,
});

/** Every message that carries a word; the first that fits a place decides. */
const PATTERNS: readonly Pattern[] = [
  {
    what: "pte",
    form: new RegExp(
      `Bad page map in process\\s+(?<process>\\S.*?)\\s+(?:pte|p[mu4g]d)\\s*:\\s*${WORD}(?:\\s+(?:p[g4u]d\\s*:\\s*[0-9a-f]+\\s+)*pmd\\s*:\\s*(?:0x)?(?<pmd>[0-9a-f_]+))?`,
      "gi",
    ),
    message: "Bad page map",
    meaning: "the kernel found a PTE that it cannot account for while it walked the process's page table",
  },
  {
    what: "pte",
    form: new RegExp(`Bad pte\\s*=\\s*${WORD},\\s*process\\s*=\\s*(?<process>[^,]+)`, "gi"),
    message: "Bad pte",
    meaning: "the kernel found a PTE that it cannot account for",
  },
  swap("Bad swap file entry", "no swap area has that type"),
  swap("Unused swap file entry", "the swap area of that type is not in use"),
  swap("Bad swap offset entry", "the offset lies behind the end of the swap area"),
  swap("Unused swap offset entry", "nothing is stored at that offset of the swap area"),
  swap(
    "unrecognized swap entry",
    "zap_pte_range() met a special entry that this kernel's configuration does not know",
  ),
  swap("Bad swp_entry", "the kernel refused the entry"),
  {
    what: "pte",
    // Not *ppte: on arm that is the hardware's own table, whose entries look otherwise.
    form: new RegExp(`(?<![\\w*])\\*?pte\\s*=\\s*${WORD}`, "g"),
    message: "fault dump",
    meaning: "the PTE of the address at fault",
  },
  {
    what: "pte",
    form: new RegExp(`(?<=\\b(?:PGD|PUD|PMD)\\s+[0-9a-f]+\\s+)PTE\\s+${WORD}`, "g"),
    message: "fault dump",
    meaning: "the PTE of the address at fault",
  },
  {
    what: "pte",
    form: new RegExp(`(?<!\\w)pte\\s*:\\s*${WORD}(?:\\s+pmd\\s*:\\s*(?:0x)?(?<pmd>[0-9a-f_]+))?`, "g"),
    message: "a PTE",
    meaning: "printed without a message that ptekit knows",
  },
];

/** Everything in a log that is a PTE or a swp_entry_t, in order. */
export function findSightings(lines: readonly LogLine[]): Sighting[] {
  return lines.flatMap((line, index) => {
    // A mail program may have wrapped a line: what begins here may end on the next one.
    const next = lines[index + 1]?.text ?? "";
    const text = `${line.text} ${next}`;
    const taken: [number, number][] = [];
    const found: { at: number; sighting: Sighting }[] = [];
    for (const pattern of PATTERNS) {
      for (const match of text.matchAll(pattern.form)) {
        const end = match.index + match[0].length;
        const free = taken.every(([from, to]) => end <= from || match.index >= to);
        if (match.index > line.text.length || !free || cut(text, end)) continue;
        taken.push([match.index, end]);
        found.push({ at: match.index, sighting: sightingOf(pattern, match, line.number) });
      }
    }
    return found
      .filter(({ at }) => at < line.text.length)
      .sort((a, b) => a.at - b.at)
      .map(({ sighting }) => sighting);
  });
}

/** Digits that go on as something else are no word: `pte:abcxyz`. */
const cut = (text: string, end: number): boolean => /\w/.test(text[end] ?? "");

function sightingOf(pattern: Pattern, match: RegExpExecArray, line: number): Sighting {
  const { word = "", by, process, pmd } = match.groups ?? {};
  const message =
    pattern.what === "entry" && by !== undefined ? `${by}: ${pattern.message}` : pattern.message;
  return {
    what: pattern.what,
    value: valueOfDigits(word),
    digits: word,
    line,
    message,
    meaning: pattern.meaning,
    ...(process === undefined ? {} : { process }),
    ...(pmd === undefined ? {} : { pmd: valueOfDigits(pmd) }),
  };
}

const valueOfDigits = (digits: string): bigint => BigInt(`0x${digits.replaceAll("_", "")}`);
