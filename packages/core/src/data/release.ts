import { PtekitError } from "../errors.ts";
import { requireList, requireNumbers, requireRelease } from "../util/require.ts";
import type { Vendor } from "./vendor.ts";
import { vendorOf } from "./vendor.ts";

/** A kernel release as people have it in hand, taken apart. */
export interface Release {
  /** The text as given: `6.1.0-50-amd64`. */
  readonly text: string;
  /** The numbers that decide: `[6, 1, 0]`; `[2, 6, 32, 5]` for the old scheme. */
  readonly numbers: readonly number[];
  /** What a vendor's string says: `el9` and build 427 for `5.14.0-427.el9.x86_64`. */
  readonly vendor: Vendor | null;
  /** Set for -next, -mm and -NNNNN-g trees: they are taken to be their base release. */
  readonly between: boolean;
  /** Set where it is newer than the newest release that the data was compared with: it reads as that one. */
  readonly newer: boolean;
  /** A backport that it is read without, to see what hangs on it. */
  readonly without?: { readonly vendor?: string | undefined; readonly release: string };
}

/** The newest release whose headers the data was compared with. */
export const NEWEST_RELEASE = "7.3";

/** The first release that any layout is of is in this series. */
const FIRST_RELEASE = "2.6.29";

/** The last release of each series before the number in front of it changed: there is no 6.20, and no 2.7. */
const LAST_OF_SERIES: readonly (readonly number[])[] = [
  [2, 6, 39],
  [3, 19],
  [4, 20],
  [5, 19],
  [6, 19],
];

/** Every mainline release from 2.6.29 to the newest that the data was compared with, oldest first. */
export function mainlineReleases(): readonly string[] {
  const last = [...LAST_OF_SERIES, numbersOf(NEWEST_RELEASE)];
  const first = numbersOf(FIRST_RELEASE);
  return last.flatMap((ending) => {
    const series = ending.slice(0, -1);
    const from = first.slice(0, -1).join() === series.join() ? (first.at(-1) ?? 0) : 0;
    return Array.from({ length: (ending.at(-1) ?? 0) - from + 1 }, (_, i) => [...series, from + i].join("."));
  });
}

const FORM = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?(?!\d|\.(?![a-z]))(.*)/s;

/** linux-next has no version before its first -rc. */
const NEXT = /^next-\d{8}$/;

/**
 * The parts of a release string. `-rcN` is the release it leads to; `-next-…`, `-mm…` and `-NNNNN-g…` are their
 * base release, with `between` set; `next-20261120` is newer than every release.
 *
 * @throws PtekitError `UNKNOWN_RELEASE` where the text does not begin with a kernel version, or no Linux is meant.
 */
export function parseRelease(text: string): Release {
  const trimmed = typeof text === "string" ? text.trim() : "";
  if (NEXT.test(trimmed)) {
    return { text: trimmed, numbers: numbersOf(NEWEST_RELEASE), vendor: null, between: false, newer: true };
  }
  const found = FORM.exec(trimmed);
  const rest = found?.[5] ?? "";
  // A dot goes on with a name: 6.10.3.arch1-1, 5.10.135.bsk.6-amd64.
  if (!found || (rest !== "" && !/^[-+_~(.]/.test(rest))) {
    throw new PtekitError(
      "UNKNOWN_RELEASE",
      `${quote(text)} is not a kernel release; ptekit reads "6.12", "6.1.0-50-amd64", "5.14.0-427.el9.x86_64"`,
    );
  }
  const numbers = found.slice(1, 5).flatMap((part) => (part === undefined ? [] : [Number(part)]));
  const last = LAST_OF_SERIES.find(([major]) => major === numbers[0]);
  if (last && compared(numbers.slice(0, last.length), last) > 0) {
    throw new PtekitError(
      "UNKNOWN_RELEASE",
      `there is no ${quote(text)}: that series ends with ${last.join(".")}`,
    );
  }
  if (rest !== "" && /^-\d+-Microsoft$/.test(rest)) {
    throw new PtekitError(
      "UNKNOWN_RELEASE",
      `${quote(text)} is what WSL 1 says of itself: no Linux kernel runs there, so there are no page tables of one`,
    );
  }
  return {
    text: trimmed,
    numbers,
    vendor: rest === "" ? null : vendorOf(rest, numbers),
    between: rest !== "" && /-next\b|-mm\b|-mm\d|mm-new|-\d{5}-g[0-9a-f]{6,}/.test(rest),
    newer: compared(numbers.slice(0, 2), numbersOf(NEWEST_RELEASE)) > 0,
  };
}

/** The numbers of `5.14.0`. */
export function numbersOf(text: string): number[] {
  return text.split(".").map(Number);
}

/** Negative, zero or positive as `a` is older than, the same as, or newer than `b`; missing numbers are 0. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  requireNumbers(a, "the numbers of a release");
  requireNumbers(b, "the numbers of a release");
  return compared(a, b);
}

/** The same, of numbers that were read here: asked at every selection. */
export function compared(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `release` is `since` or newer: `atLeast(parseRelease("6.1.192"), "6.1")`. */
export function atLeast(release: Release, since: string): boolean {
  requireRelease(release);
  return compared(release.numbers, numbersOfSince(since)) >= 0;
}

const sinceNumbers = new Map<string, readonly number[]>();

/** The numbers of a release that stands in the data: few, and asked for at every selection. */
function numbersOfSince(since: string): readonly number[] {
  const known = sinceNumbers.get(since);
  if (known) return known;
  const { numbers } = parseRelease(since);
  sinceNumbers.set(since, numbers);
  return numbers;
}

/** The same rows, newest first; rows of one release keep their order. For data written family by family. */
export function newestFirst<R extends { readonly since: string }>(rows: readonly R[]): R[] {
  requireList(rows, "rows");
  return [...rows].sort((a, b) => compared(parseRelease(b.since).numbers, parseRelease(a.since).numbers));
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
