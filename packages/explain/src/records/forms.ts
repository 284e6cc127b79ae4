import type { Level } from "../interface.ts";

/** What a word of a log is: an entry of a page table, or an arch-independent swp_entry_t. */
export type Role = "entry" | "swp_entry_t";

/** One word that a line prints. */
export interface Found {
  readonly role: Role;
  readonly level: Level;
  readonly value: bigint;
  readonly digits: string;
  readonly at: number;
  /** The line of the file, where it is not the record's. */
  readonly line?: number;
  /** The kernel itself calls it bad. */
  readonly bad?: true;
  /** arm's *ppte: the hardware's own entry beside the kernel's. */
  readonly hardware?: string;
}

/** A line of a log that carries words. */
export interface Sighting {
  /** `swap_info_get: Bad swap file entry` */
  readonly message: string;
  /** What the kernel means by it. */
  readonly meaning: string;
  readonly kind: Kind;
  readonly process?: string;
  readonly words: readonly Found[];
  readonly at: number;
  readonly end: number;
  /** The address that was accessed. */
  readonly address?: bigint;
}

/**
 * What a line is about: a page that is mapped wrongly, a refused swap entry, the walk to an address at fault, a tool's or
 * a tracer's output (no fault), a bad table.
 */
export type Kind = "bad-map" | "bad-swap" | "walk" | "tool" | "bad-table" | "word";

interface Form {
  readonly kind: Kind;
  readonly message: string;
  readonly meaning: string;
  readonly form: RegExp;
  readonly words: (match: RegExpExecArray) => readonly Found[];
}

const DIGITS = "[0-9a-fA-F]{1,400}(?:_[0-9a-fA-F]{1,16}){0,8}(?![\\w])";
const WORD = `(?:0x)?(?<word>${DIGITS})`;
const hexOf = (digits: string): bigint => BigInt(`0x${digits.replaceAll("_", "")}`);

const groupAt = (match: RegExpExecArray, text: string): number =>
  match.index + Math.max(0, match[0].lastIndexOf(text));

const one =
  (role: Role, level: Level) =>
  (match: RegExpExecArray): Found[] => {
    const digits = match.groups?.word ?? "0";
    return [{ role, level, value: hexOf(digits), digits, at: groupAt(match, digits) }];
  };

const LEVELS: Readonly<Record<string, Level>> = {
  pte: "pte",
  pde: "pmd",
  pmd: "pmd",
  pud: "pud",
  p4d: "p4d",
  p3d: "p4d",
  pgd: "pgd",
  pdpt: "pgd",
  pml4: "pgd",
  pml: "pgd",
  as: "asce",
  r1: "pgd",
  r2: "p4d",
  r3: "pud",
  s: "pmd",
  p: "pte",
};

/** Every `NAME VALUE` of a run, the kernel's "BAD" and arm's *ppte beside. */
const run =
  (item: RegExp) =>
  (match: RegExpExecArray): Found[] => {
    const found: Found[] = [];
    for (const part of match[0].matchAll(item)) {
      const { name = "", word: digits = "0", bad } = part.groups ?? {};
      const level = LEVELS[name.toLowerCase()];
      const last = found.at(-1);
      if (level === undefined) {
        if (last) found[found.length - 1] = { ...last, hardware: digits };
        continue;
      }
      const at = match.index + part.index + part[0].indexOf(digits, name.length);
      found.push({ role: "entry", level, value: hexOf(digits), digits, at, ...(bad ? { bad: true } : {}) });
    }
    return found;
  };

const refused = (text: string, meaning: string): Form => ({
  kind: "bad-swap",
  message: text,
  meaning,
  form: new RegExp(`${text.replaceAll(" ", "\\s+")}:?\\s{1,8}${WORD}`, "gi"),
  words: one("swp_entry_t", "pte"),
});

const UPPER = `(?:P[GU4M]D|PTE)\\s{1,4}[0-9a-f]{1,16}(?![\\w:])(?:\\s{1,4}\\(?BAD\\)?)?`;
const UPPER_ITEM = /(?<name>P[GU4M]D|PTE)\s{1,4}(?<word>[0-9a-f]{1,16})(?:\s{1,4}\(?(?<bad>BAD)\)?)?/g;
// Without a star and with blanks, `pgd = c0004000` is the address of the table itself.
const LOWER = `(?:\\*(?:p[gum4]d|pte|ppte|pde|pdpt)\\s?=\\s?|(?:p[gum4]d|pte|pde|pdpt)=)(?:0x)?[0-9a-f]{4,16}(?!\\w)(?:\\s?\\(bad\\))?`;
const LOWER_ITEM =
  /\*?(?<name>p[gum4]d|pte|ppte|pde|pdpt)\s?=\s?(?:0x)?(?<word>[0-9a-f]{4,16})(?:\s?\((?<bad>bad)\))?/g;
const S390 = "(?:AS|R[123]|S|P):[0-9a-f]{8,16}(?!\\w)";
const BESIDE = `(?:pgd|p4d|pud|pmd|mm|pte)\\s?[:=]\\s?(?:0x)?[0-9a-fA-F_]{1,40}(?!\\w)`;

/** An entry that the kernel itself calls bad. */
function badWord(match: RegExpExecArray): Found[] {
  const { name = "", word: digits = "0" } = match.groups ?? {};
  const level = LEVELS[name.toLowerCase()] ?? "pte";
  return [{ role: "entry", level, value: hexOf(digits), digits, at: groupAt(match, digits), bad: true }];
}

/** Every form in which a kernel or a tool prints entries; the first that fits a place decides. */
export const FORMS: readonly Form[] = [
  {
    kind: "bad-map",
    message: "Bad page map",
    meaning: "the kernel found an entry that it cannot account for while it walked the process's page table",
    form: new RegExp(
      `Bad page map in process\\s{1,4}(?<process>.{0,48}?)\\s{0,4}(?:,?\\s{1,4}mm=\\S{1,18})?\\s{0,40}(?<run>(?:${BESIDE}[\\s,]{0,4}){1,6})`,
      "gi",
    ),
    words: (match) => badMapWords(match),
  },
  {
    kind: "bad-map",
    message: "Bad pte",
    meaning: "the kernel found a PTE that it cannot account for",
    form: new RegExp(
      `Bad pte\\s{0,2}=\\s{0,2}${WORD},\\s{0,2}process\\s{0,2}=\\s{0,2}(?<process>[^,]{1,48})`,
      "gi",
    ),
    words: one("entry", "pte"),
  },
  refused("Bad swap file entry", "no swap area has that type"),
  refused("Unused swap file entry", "the swap area of that type is not in use"),
  refused("Bad swap offset entry", "the offset lies behind the end of the swap area"),
  refused("Unused swap offset entry", "nothing is stored at that offset of the swap area"),
  refused("Bad swap entry", "the kernel refused the entry"),
  refused(
    "unrecognized swap entry",
    "zap_pte_range() met a special entry that this kernel's configuration does not know",
  ),
  refused("Bad swp_entry", "the kernel refused the entry"),
  {
    kind: "bad-table",
    message: "bad table entry",
    meaning: "the kernel found an entry that is no table, and cleared it",
    form: /\bbad (?<name>pte|pmd|pud|p4d|pgd) \(?(?:0x)?[0-9a-f]{4,16}\)?\s?\(?(?:0x)?(?<word>[0-9a-f]{1,32})\)/gi,
    words: badWord,
  },
  {
    kind: "bad-table",
    message: "bad table entry",
    meaning: "the kernel found an entry that is no table, and cleared it",
    form: /(?<=\.[chS]:\d{1,5}:\s{1,2})bad (?<name>pte|pmd|pud|p4d|pgd) (?:0x)?(?<word>[0-9a-f]{4,32})(?![\w(])/gi,
    words: badWord,
  },
  {
    kind: "walk",
    message: "page table walk",
    meaning: "the entries on the way to the address at fault",
    form: new RegExp(`(?<![\\w])(?:${UPPER}[\\s,]{1,4}){0,4}${UPPER}`, "g"),
    words: run(UPPER_ITEM),
  },
  {
    kind: "walk",
    message: "page table walk",
    meaning: "the entries on the way to the address at fault",
    form: new RegExp(`(?<![\\w*.{])(?:${LOWER}[\\s,]{1,4}){0,5}${LOWER}`, "g"),
    words: run(LOWER_ITEM),
  },
  {
    kind: "walk",
    message: "page table walk",
    meaning: "the entries on the way to the address at fault: ASCE, region, segment and page table",
    form: new RegExp(`(?<!\\w)AS:[0-9a-f]{8,16}(?:\\s{1,4}${S390}){1,5}`, "g"),
    words: run(/(?<name>AS|R[123]|S|P):(?<word>[0-9a-f]+)/g),
  },
  {
    kind: "tool",
    message: "crash vtop",
    meaning: "what a dump's reader found on the way to an address",
    form: /(?<!\w)(?:PGD|PML4?|P4D|PUD|PMD|PTE):\s{0,4}(?:0x)?[0-9a-f]{4,16}\s{0,4}=>\s{0,4}(?:0x)?[0-9a-f]{1,16}(?!\w)/g,
    words: run(
      /(?<name>PGD|PML4?|P4D|PUD|PMD|PTE):\s{0,4}(?:0x)?[0-9a-f]+\s{0,4}=>\s{0,4}(?:0x)?(?<word>[0-9a-f]+)/g,
    ),
  },
  {
    kind: "tool",
    message: "xmon",
    meaning: "what the debugger found on the way to an address",
    form: /\b(?:pgd|p4d|pud|pmd|pte)p @ (?:0x)?[0-9a-f]{4,16} = (?:0x)?[0-9a-f]{1,16}(?!\w)/g,
    words: run(/(?<name>pgd|p4d|pud|pmd|pte)p @ (?:0x)?[0-9a-f]+ = (?:0x)?(?<word>[0-9a-f]+)/g),
  },
  {
    kind: "tool",
    message: "a tracer's PTE",
    meaning: "a trace event; nothing failed",
    form: new RegExp(`\\b\\w{1,40}: addr=(?:0x)?[0-9a-f]{1,16},? pte=${WORD}`, "g"),
    words: one("entry", "pte"),
  },
  {
    kind: "tool",
    message: "a tracer's PTE",
    meaning: "a trace event of Xen; nothing failed",
    form: /\bpteval (?:0x)?[0-9a-f]{1,16} \(raw (?:0x)?(?<word>[0-9a-f]{1,16})\)/g,
    words: one("entry", "pte"),
  },
  {
    kind: "tool",
    message: "a debugger's PTE",
    meaning: "a value that gdb, crash or drgn printed; nothing failed",
    form: /\{?\s{0,4}\.?\bpte\s{0,2}=\s{0,2}(?:\(pteval_t\)\s{0,2}(?<decimal>\d{1,20})|(?<=\{\s{0,4}pte\s{0,2}=\s{0,2})(?:0x(?<word>[0-9a-f]{1,16})|(?<number>\d{1,20})))(?!\w)/g,
    words: (match) => debuggerWords(match),
  },
  {
    kind: "bad-map",
    message: "racy PTE",
    meaning: "a PTE was changed without breaking it first: what it was, and what was written",
    form: /\bracy (?:access flag|dirty state) clearing: (?:0x)?(?<before>[0-9a-f]{8,16}) -> (?:0x)?(?<word>[0-9a-f]{8,16})(?!\w)/g,
    words: (match) =>
      [match.groups?.before ?? "0", match.groups?.word ?? "0"].map((digits) => ({
        role: "entry" as const,
        level: "pte" as const,
        value: hexOf(digits),
        digits,
        at: groupAt(match, digits),
      })),
  },
  {
    kind: "walk",
    message: "TLB error",
    meaning: "the hypervisor refused a PTE that the kernel loaded into the TLB",
    form: /\bvaddr\[[0-9a-f]{1,16}\] ctx\[[0-9a-f]{1,8}\] pte\[(?<word>[0-9a-f]{1,16})\]/g,
    words: one("entry", "pte"),
  },
  {
    kind: "word",
    message: "a PTE",
    meaning: "printed without a message that ptekit knows",
    form: new RegExp(
      `(?<![\\w*.])(?:pte|PTE)\\s{0,4}[:=]\\s{0,4}${WORD}(?:[\\s,]{1,4}pmd\\s{0,2}[:=]\\s{0,2}(?:0x)?(?<pmd>[0-9a-f_]{1,40})(?!\\w))?`,
      "g",
    ),
    words: (match) => badMapWords(match),
  },
];

const BESIDE_ITEM =
  /(?<name>pgd|p4d|pud|pmd|pte)\s{0,4}[:=]\s{0,4}(?:0x)?(?<word>[0-9a-f]+(?:_[0-9a-f]+)*)/gi;

/** The entry at fault first, and those above it as they were printed. */
const badMapWords = (match: RegExpExecArray): readonly Found[] => run(BESIDE_ITEM)(match);

function debuggerWords(match: RegExpExecArray): readonly Found[] {
  const { word, decimal, number } = match.groups ?? {};
  const value = word === undefined ? BigInt(decimal ?? number ?? "0") : hexOf(word);
  const digits = word ?? decimal ?? number ?? "0";
  return [{ role: "entry", level: "pte", value, digits: value.toString(16), at: groupAt(match, digits) }];
}

/** The entries of a line that has nothing but levels and their entries. */
export const wordsBeside = (text: string): readonly Found[] =>
  [...text.matchAll(BESIDE_ITEM)].flatMap((match) => run(BESIDE_ITEM)(match));

/** What a line must have for a look at every form. */
export const CARRIES: RegExp =
  /pte|PTE|PMD|PUD|PGD|P4D|PML|p[gum4]d\s?[=:]|entry|AS:[0-9a-f]{8}|bad p|racy |\*pd(?:pt|e)/i;

/** The words of a line, in their order; what an earlier form took, a later one does not see. */
export function sightingsIn(text: string): Sighting[] {
  if (!CARRIES.test(text)) return [];
  const found: Sighting[] = [];
  const taken = new Uint8Array(text.length);
  for (const { form, words, kind, message, meaning } of FORMS) {
    for (const match of text.matchAll(form)) {
      const at = match.index;
      const end = at + match[0].trimEnd().length;
      if (taken.subarray(at, end).includes(1)) continue;
      const carried = words(match);
      if (carried.length === 0) continue;
      taken.fill(1, at, end);
      const process = match.groups?.process?.trim();
      found.push({
        message: messageOf(message, kind, text, at),
        meaning,
        kind,
        words: carried,
        at,
        end,
        ...(process ? { process } : {}),
      });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** `swap_info_get: Bad swap file entry`: the function's name stands before the message. */
function messageOf(message: string, kind: Kind, text: string, at: number): string {
  if (kind !== "bad-swap") return message;
  const by = /([A-Za-z_]\w{0,40}):\s{1,4}$/.exec(text.slice(Math.max(0, at - 48), at))?.[1];
  return by === undefined ? message : `${by}: ${message}`;
}
