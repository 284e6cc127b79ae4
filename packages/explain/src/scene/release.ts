import { compareNumbers, parseRelease } from "@ptekit/core";
import type { Evidence } from "../interface.ts";

interface Place {
  readonly form: RegExp;
  /** 10: the kernel says it of itself. Below 6, a person does. */
  readonly weight: number;
}

// A release as kernels print it: numbers, and what a builder put behind them.
const RELEASE = "v?(?<release>\\d{1,2}\\.\\d{1,3}(?:\\.\\d{1,3}){0,2}(?:[-+_~.][\\w.+~-]{0,80})?\\+?)";

/** Where a log names its kernel, the surest first. */
const PLACES: readonly Place[] = [
  // CPU: 1 PID: 42 Comm: cc1plus Tainted: G  B  6.0.0-rc2 #1 (older: Pid: 42, comm: …)
  {
    form: new RegExp(
      `\\b(?:CPU|Pid|PID|comm|Comm):.{0,160}?(?<=\\s)${RELEASE}\\s{1,4}(?:\\(\\S{1,60}\\)\\s)?#\\d`,
    ),
    weight: 10,
  },
  {
    form: new RegExp(
      `\\b(?:CPU|Pid|PID):.{0,120}?(?:Not tainted|Tainted: [A-Z](?:\\s{0,6}[A-Z-]){0,24})\\s{1,20}(?:[-]{2,20}\\s{1,4})?(?:\\([^)]{1,40}\\)\\s)?${RELEASE}`,
    ),
    weight: 9,
  },
  { form: new RegExp(`\\bLinux version ${RELEASE}`), weight: 9 },
  { form: new RegExp(`(?:^|\\s)${RELEASE}\\s{1,4}#\\d{1,5}\\b`), weight: 8 },
  { form: new RegExp(`\\buname -r\\b.{0,12}?(?<=[\\s\\x60"'=:])${RELEASE}`), weight: 7 },
  { form: new RegExp(`\\bLinux \\S{1,64} ${RELEASE} #\\d`), weight: 7 },
  { form: new RegExp(`\\bguest(?:'s)?\\s(?:\\w{1,20}\\s){0,3}(?:linux-?\\s?)?${RELEASE}`, "i"), weight: 6 },
  { form: new RegExp(`\\b(?:kernel|linux|linux-image)-(?:[A-Za-z]\\w{0,20}-){0,3}${RELEASE}`), weight: 5 },
  // a whole release string, wherever it stands
  {
    form: /(?<![\w./-])v?(?<release>\d{1,2}\.\d{1,3}\.\d{1,3}-(?:rc\d|\d{1,4})[\w.+~-]{2,80})(?![\w/])/,
    weight: 5,
  },
  {
    form: new RegExp(
      `\\b(?:kernels?|[Ll]inux|running|version)[ :=-]{1,3}(?:is |was |version |release )?${RELEASE}`,
    ),
    weight: 4,
  },
  { form: new RegExp(`(?<![\\w./-])${RELEASE}\\s(?:\\w{1,16}\\s)?kernels?\\b`), weight: 4 },
  { form: new RegExp(`\\b(?:with|on|in|under|[Ss]ubject:.{0,120})\\s${RELEASE}(?=[\\s,:;)]|$)`), weight: 3 },
  {
    form: /(?:^|[\s,(])v?(?<release>[2-7]\.\d{1,3}(?:\.\d{1,3})?-rc\d{1,2}(?:[-+][\w.+~-]{0,60})?)(?=[\s,:;).]|$)/,
    weight: 3,
  },
];

const TELLS = /\d\.\d/;
// Advice, comparison and other software name releases that this kernel is not.
const OTHERS =
  /\b(?:host kernel|host is|fixed in|fix(?:es)? (?:is )?in|upgrade|update to|backport|since|introduced|before|until|newer than|older than|works? (?:fine )?(?:with|on|in)|no (?:problem|issue)s? (?:with|on|in)|gcc|GCC|clang|binutils|ld |qemu[ -]v?\d|QEMU[ -]v?\d|BIOS|Python|glibc|systemd \d|[Vv]ersion: )/;

/** The release that a line names; null where it names none. */
export function releaseIn(text: string, line: number): Evidence | null {
  if (!TELLS.test(text)) return null;
  for (const { form, weight } of PLACES) {
    const match = form.exec(text);
    const found = match?.groups?.release;
    if (!match || found === undefined) continue;
    // What a person writes may be about another kernel.
    if (
      weight < 8 &&
      OTHERS.test(text.slice(Math.max(0, match.index - 40), match.index + match[0].indexOf(found)))
    )
      continue;
    const value = trimmed(found, text.slice(match.index + match[0].length));
    if (isRelease(value)) return { says: "release", value, because: shown(match[0]), line, weight };
  }
  return null;
}

/** Without the full stop of a sentence, or what a pager cut off (`4.18.8-200.>`). */
function trimmed(found: string, after: string): string {
  const whole = found.replace(/[-._~]+$/, "");
  return after.startsWith(">") ? whole : whole.replace(/\.(?:patch|txt|log|html?|diff|tar)$/, "");
}

function isRelease(text: string): boolean {
  try {
    const [major = 0, minor = 0] = parseRelease(text).numbers;
    return major >= 2 && major < 20 && (major > 2 || minor >= 4);
  } catch {
    return false;
  }
}

const shown = (text: string): string => {
  const short = text.trim().replace(/\s+/g, " ");
  return short.length > 80 ? `… ${short.slice(-76)}` : short;
};

/**
 * The best of several: the surest place, and of as sure ones the one that is whole where another was cut off, then the
 * newest.
 */
export function bestRelease(found: readonly Evidence[]): Evidence | null {
  const top = Math.max(0, ...found.map(({ weight }) => weight));
  const [best] = found
    .filter(({ weight }) => weight === top)
    .sort(
      (a, b) =>
        compareNumbers(parseRelease(b.value).numbers, parseRelease(a.value).numbers) ||
        b.value.length - a.value.length,
    );
  if (!best) return null;
  // "4.18.8-200" of a line that a pager cut is "4.18.8-200.fc28.x86_64" elsewhere.
  return (
    found.find(({ value }) => value.length > best.value.length && value.startsWith(`${best.value}.`)) ?? best
  );
}
