import { PtekitError } from "../errors.ts";

/** A kernel release as people have it in hand, taken apart. */
export interface Release {
  /** The text as given: `6.1.0-50-amd64`. */
  readonly text: string;
  /** The numbers that decide: `[6, 1, 0]`; `[2, 6, 32, 5]` for the old scheme. */
  readonly numbers: readonly number[];
  /** What a vendor's string says: `el9` and build 427 for `5.14.0-427.el9.x86_64`. */
  readonly vendor: { readonly name: string; readonly build: readonly number[] } | null;
  /** Set for -next, -mm and -NNNNN-g trees: they are taken to be their base release. */
  readonly between: boolean;
}

/** The newest release whose headers the data was compared with. */
export const NEWEST_RELEASE = "7.3";

/** The last release of each series before the number in front of it changed: there is no 6.20, and no 2.7. */
const LAST_OF_SERIES: readonly (readonly number[])[] = [
  [2, 6, 39],
  [3, 19],
  [4, 20],
  [5, 19],
  [6, 19],
];

const FORM = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?(?![\d.])(.*)/s;

/**
 * The parts of a release string. `-rcN` is the release it leads to; `-next-…`, `-mm…` and `-NNNNN-g…` are their
 * base release, with `between` set.
 *
 * @throws PtekitError `UNKNOWN_RELEASE` where the text does not begin with a kernel version.
 */
export function parseRelease(text: string): Release {
  const found = typeof text === "string" ? FORM.exec(text.trim()) : null;
  if (!found || (found[5] !== "" && !/^[-+_~(]/.test(found[5] ?? ""))) {
    throw new PtekitError(
      "UNKNOWN_RELEASE",
      `${quote(text)} is not a kernel release; ptekit reads "6.12", "6.1.0-50-amd64", "5.14.0-427.el9.x86_64"`,
    );
  }
  const numbers = found.slice(1, 5).flatMap((part) => (part === undefined ? [] : [Number(part)]));
  const last = LAST_OF_SERIES.find(([major]) => major === numbers[0]);
  if (last && compareNumbers(numbers.slice(0, last.length), last) > 0) {
    throw new PtekitError(
      "UNKNOWN_RELEASE",
      `there is no ${quote(text)}: that series ends with ${last.join(".")}`,
    );
  }
  const rest = found[5] ?? "";
  return {
    text: text.trim(),
    numbers,
    vendor: vendorOf(rest),
    between: /-next\b|-mm\b|-mm\d|mm-new|-\d{5}-g[0-9a-f]{6,}/.test(rest),
  };
}

/** `el9` and its build number, or SUSE's `4.12.14-5.5-default`; null for everybody else. */
function vendorOf(rest: string): Release["vendor"] {
  const redHat = /^-(\d+(?:\.\d+)*)\.(el\d+)/.exec(rest);
  if (redHat) return { name: redHat[2] as string, build: numbersOf(redHat[1] as string) };
  const suse = /^-(\d+(?:\.\d+)*)-default$/.exec(rest);
  if (suse) return { name: "suse", build: numbersOf(suse[1] as string) };
  return null;
}

function numbersOf(text: string): number[] {
  return text.split(".").map(Number);
}

/** Negative, zero or positive as `a` is older than, the same as, or newer than `b`; missing numbers are 0. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `release` is `since` or newer: `atLeast(parseRelease("6.1.192"), "6.1")`. */
export function atLeast(release: Release, since: string): boolean {
  return compareNumbers(release.numbers, numbersOfSince(since)) >= 0;
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
  return [...rows].sort((a, b) =>
    compareNumbers(parseRelease(b.since).numbers, parseRelease(a.since).numbers),
  );
}

/**
 * Where a change arrived outside the release that introduced it: `4.18.1` (that stable series from there on),
 * or a vendor's build (`{ vendor: "el9", build: "5.14.0-179" }`).
 */
export interface Backport {
  /** A point release `4.18.1`, or the vendor's base and build `5.14.0-179`. */
  readonly release: string;
  /** `el9`, `suse`: the change is in that vendor's builds from there on. Absent: in the stable series. */
  readonly vendor?: string;
  /** Set where it is likely, not seen in headers. */
  readonly uncertain?: string;
}

/** The backport by which `release` has a change, or null. */
export function backportOf(release: Release, backports: readonly Backport[] = []): Backport | null {
  return backports.find((backport) => hasBackport(release, backport)) ?? null;
}

function hasBackport(release: Release, backport: Backport): boolean {
  if (backport.vendor === undefined) {
    const from = numbersOfSince(backport.release);
    return sameSeries(release.numbers, from) && compareNumbers(release.numbers, from) >= 0;
  }
  const [base, build] = backport.release.split("-") as [string, string];
  return (
    release.vendor?.name === backport.vendor &&
    compareNumbers(release.numbers, numbersOf(base)) === 0 &&
    compareNumbers(release.vendor.build, numbersOf(build)) >= 0
  );
}

/** 4.18.1 and 4.18.20 are one series; 2.6.32.5 and 2.6.32.9 too. */
function sameSeries(a: readonly number[], b: readonly number[]): boolean {
  const length = a[0] === 2 ? 3 : 2;
  return compareNumbers(a.slice(0, length), b.slice(0, length)) === 0;
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
