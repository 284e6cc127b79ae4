import type { Line } from "../lines/lines.ts";
import { numberAt } from "../lines/lines.ts";
import type { Details, PageDump } from "./details.ts";
import { detailsIn } from "./details.ts";
import type { Sighting } from "./forms.ts";
import { sightingsIn, wordsBeside } from "./forms.ts";

/** Lines that were read together: of one machine, from one boot, without gaps; at most some thousands. */
export interface Episode {
  readonly lines: readonly Line[];
}

/** What the kernel printed together: one message with words, and the lines beside it that belong to it. */
export interface Record {
  readonly sighting: Sighting;
  readonly line: Line;
  /** The place of its line in the episode. */
  readonly index: number;
  /** The line of the file. */
  readonly number: number;
  /** The last line that may belong to it. */
  readonly end: number;
  readonly details: readonly Details[];
}

/** How many lines a report has at most: the longest have a page dump, a call trace and a code line. */
const LONGEST_REPORT = 80;
/** How many lines before a report may already belong to it, where CPUs print at once. */
const BEFORE = 12;

const BEFORE_WALK = 6;

/** The records of an episode, in the order of its lines. */
export function recordsOf({ lines }: Episode): Record[] {
  const found: Omit<Record, "details" | "end">[] = [];
  for (const [index, line] of lines.entries()) {
    const sightings = withTables(lines, index, withBad(lines, index, sightingsIn(line.text)));
    for (const sighting of withHeader(lines, index, sightings)) {
      found.push({ sighting, line, index, number: numberAt(line, sighting.at) });
    }
  }
  return joinedWalks(found).map((record, i, all) => {
    const next = all.slice(i + 1, i + 8).find(({ index }) => index > record.index);
    const end = Math.min(
      lines.length - 1,
      record.index + LONGEST_REPORT,
      next ? next.index - 1 + overlap(record, next) : lines.length,
    );
    return { ...record, end, details: detailsOf(lines, record, end) };
  });
}

type Found = Omit<Record, "details" | "end">;

/**
 * A walk is one record, on however many lines: a tool prints it so, and the last entry again in a table; a kernel whose
 * log writes each printk on a line of its own, too.
 */
function joinedWalks(found: readonly Found[]): Found[] {
  const joined: Found[] = [];
  for (const record of found) {
    const last = joined.at(-1);
    const known = last?.sighting.words ?? [];
    const isAgain =
      last !== undefined &&
      isWalkOfTool(last) &&
      record.sighting.words.every(({ value }) => known.some((word) => word.value === value));
    if (last === undefined || !goesOn(last, record, isAgain)) joined.push(record);
    else {
      const more = record.sighting.words.map((word) => ({ ...word, line: numberAt(record.line, word.at) }));
      const own = known.map((word) => ({ line: numberAt(last.line, word.at), ...word }));
      const words = isAgain ? own : [...own, ...more];
      joined[joined.length - 1] = { ...last, index: record.index, sighting: { ...last.sighting, words } };
    }
  }
  return joined;
}

/** Whether a record goes on with the walk of the one before it: from its last level down. */
function goesOn(last: Found, record: Found, isAgain: boolean): boolean {
  const gap = record.index - last.index;
  if (isWalkOfTool(last) && isWalkOfTool(record))
    return gap <= NEXT && (isAgain || last.sighting.words.at(-1)?.level !== "pte");
  if (last.sighting.kind !== "walk" || record.sighting.kind !== "walk" || gap > NEXT_WALK) return false;
  return depthOf(record.sighting.words.at(0)) > depthOf(last.sighting.words.at(-1));
}

const DEPTHS: readonly string[] = ["asce", "pgd", "p4d", "pud", "pmd", "pte"];
const depthOf = (word: Sighting["words"][0] | undefined): number =>
  word === undefined ? -1 : DEPTHS.indexOf(word.level);
const NEXT_WALK = 2;

const isWalkOfTool = ({ sighting: { message } }: Found): boolean => /^(?:crash vtop|xmon)$/.test(message);
const NEXT = 4;

/** Two CPUs that print at once: the lines of both stand behind the second's first. */
const overlap = (one: { index: number }, next: { index: number }): number =>
  next.index - one.index <= 3 ? BEFORE : 0;

/** What the lines of a report say, those of its own caller where they name one. */
function detailsOf(lines: readonly Line[], record: Omit<Record, "details" | "end">, end: number): Details[] {
  const found: Details[] = [];
  const { caller } = record.line;
  // What was accessed, and how, stands before the walk to it.
  const start = record.sighting.kind === "walk" ? record.index - BEFORE_WALK : record.index;
  for (let i = Math.max(0, start); i <= end; i++) {
    const line = lines[i];
    if (!line || (caller !== null && line.caller !== null && line.caller !== caller)) continue;
    const said = detailsIn(line.text, line.number);
    // The walk's own line says which address it leads to, where CPUs print at once.
    if (said && i === record.index && said.address !== undefined) found.unshift(said);
    else if (said) found.push(said);
  }
  return found;
}

/** A "BAD" that a long line was broken before. */
function withBad(lines: readonly Line[], index: number, found: Sighting[]): Sighting[] {
  const last = found.at(-1);
  const word = last?.words.at(-1);
  if (last?.kind !== "walk" || !word || lines[index + 1]?.text !== "BAD") return found;
  return [...found.slice(0, -1), { ...last, words: [...last.words.slice(0, -1), { ...word, bad: true }] }];
}

// Of 7.2, and likely from 6.18 on, the levels above stand on the line after `Bad page map in process`.
const TABLES = /^\s*pgd:[0-9a-f]+(?:\s+p[4um]d:[0-9a-f]+){0,3}\s*$/;

function withTables(lines: readonly Line[], index: number, found: Sighting[]): Sighting[] {
  const last = found.at(-1);
  const next = lines[index + 1];
  if (last?.kind !== "bad-map" || next === undefined || !TABLES.test(next.text)) return found;
  const known = new Set(last.words.map(({ level }) => level));
  const words = wordsBeside(next.text)
    .filter(({ level }) => !known.has(level))
    .map((word) => ({ ...word, line: numberAt(next, word.at) }));
  return [...found.slice(0, -1), { ...last, words: [...last.words, ...words] }];
}

// crash prints a PTE in a table, below its head.
const TABLE_HEAD = /^\s*PTE\s+(?:PHYSICAL|SWAP)\b/;

function withHeader(lines: readonly Line[], index: number, found: Sighting[]): Sighting[] {
  const before = lines[index - 1]?.text;
  const text = lines[index]?.text ?? "";
  const digits = /^\s*([0-9a-f]{2,16})\s+\S/.exec(text)?.[1];
  if (before === undefined || digits === undefined || !TABLE_HEAD.test(before)) return found;
  const at = text.indexOf(digits);
  const word = { role: "entry" as const, level: "pte" as const, value: BigInt(`0x${digits}`), digits, at };
  return [
    {
      message: "crash vtop",
      meaning: "what a dump's reader found on the way to an address",
      kind: "tool",
      words: [word],
      at,
      end: at + digits.length,
    },
    ...found,
  ];
}

/** Everything that the details say together; of what is said twice, the first. */
export function merged(
  details: readonly Details[],
): Omit<Details, "line" | "page" | "pageFlags" | "pageType"> {
  const all: Details = Object.assign({ line: 0 }, ...[...details].reverse());
  const pointers = details.flatMap((one) => one.pointers ?? []);
  const { line: _line, page: _page, pageFlags: _flags, pageType: _type, ...rest } = all;
  return { ...rest, pointers };
}

/** The page dumps among the details, each with the flags and the type that were printed below it. */
export function pageDumps(details: readonly Details[]): PageDump[] {
  const dumps: PageDump[] = [];
  const fill = (wants: (dump: PageDump) => boolean, more: Partial<PageDump>): void => {
    const at = dumps.findIndex(wants);
    const dump = dumps[at];
    if (dump) dumps[at] = { ...dump, ...more };
  };
  for (const { page, pageFlags, pageType } of details) {
    if (page) dumps.push(page);
    if (pageFlags) fill(({ flags }) => flags.length === 0, { flags: pageFlags });
    if (pageType !== undefined) fill(({ type }) => type === null, { type: pageType });
  }
  return dumps;
}
