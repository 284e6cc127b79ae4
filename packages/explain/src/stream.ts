import { clues as allClues } from "@ptekit/all/clues";
import { reportsOf, verdictOf } from "./explain.ts";
import type { Evidence, Options, Report, Verdict } from "./interface.ts";
import type { Line } from "./lines/lines.ts";
import { linesOf } from "./lines/lines.ts";
import { sieve } from "./lines/sieve.ts";
import type { Source } from "./lines/source.ts";
import { texts } from "./lines/source.ts";
import { CARRIES } from "./records/forms.ts";
import { witnessOf } from "./scene/scene.ts";
import { statedIn } from "./stated.ts";

/**
 * The reports of a log, in its order, as they are found: `for await (const report of explain(stream))`. A log of any
 * length is read in bounded memory; records are linked within a window of some thousand lines. What `return` gives, and
 * `explainAll` with the reports, is the verdict for the whole log.
 *
 * @throws PtekitError `UNKNOWN_ARCH` where the options name no architecture, `BAD_FILE` where the log is packed in a way
 * that is not read here.
 */
export async function* explain(
  source: Source,
  options: Options = {},
): AsyncGenerator<Report, Verdict | null> {
  const stated = statedIn(options);
  const seen: Pick<Report, "verdict">[] = [];
  for await (const { lines, ambient } of episodes(source)) {
    for (const report of await reportsOf({ lines }, ambient, stated)) {
      if (seen.length < REMEMBERED) seen.push({ verdict: report.verdict });
      yield report;
    }
  }
  return verdictOf(seen);
}

/** Every report of a log, and the verdict for the whole of it; null where it has none. */
export async function explainAll(
  source: Source,
  options: Options = {},
): Promise<{ readonly verdict: Verdict | null; readonly reports: readonly Report[] }> {
  const reports: Report[] = [];
  const found = explain(source, options);
  for (;;) {
    const { done, value } = await found.next();
    if (done) return { verdict: value, reports };
    reports.push(value);
  }
}

/** The verdict of a log is made from its first reports: whoever has more has the same many times. */
const REMEMBERED = 10_000;

/** From this many lines on an episode ends where nothing is told any more, and from the second many on anyway. */
const ENOUGH = 2000;
const TOO_MANY = 4000;
const QUIET = 100;
const MOST_HOSTS = 64;
/** Lines of prose that are kept, from a log's beginning and of the last: they may say what it is about. */
const PROSE = 60;

interface Window {
  readonly lines: Line[];
  /** The last line that carries a word. */
  last: number;
  boot: readonly Evidence[];
  id: string | null;
}

/** A log in stretches of one machine and one boot each. */
async function* episodes(
  source: Source,
): AsyncGenerator<{ lines: readonly Line[]; ambient: readonly Evidence[] }> {
  const windows = new Map<string, Window>();
  const head: Line[] = [];
  let late: Line[] = [];
  let current = "";
  const flush = function* (
    window: Window,
  ): Generator<{ lines: readonly Line[]; ambient: readonly Evidence[] }> {
    if (window.last >= 0) {
      yield { lines: window.lines.splice(0), ambient: [...window.boot, ...proseIn([...head, ...late])] };
    }
    window.lines.length = 0;
    window.last = -1;
  };
  for await (const block of sieve(texts(source))) {
    for (const line of linesOf(block)) {
      if (!line.stamped && line.text !== "") {
        if (head.length < PROSE) head.push(line);
        else late = [...late.slice(1 - PROSE), line];
      }
      if (line.gap) for (const window of windows.values()) yield* flush(window);
      current = line.host ?? current;
      let window = windows.get(current);
      if (!window) {
        if (windows.size >= MOST_HOSTS) {
          for (const other of windows.values()) yield* flush(other);
          windows.clear();
        }
        window = { lines: [], last: -1, boot: [], id: null };
        windows.set(current, window);
      }
      if (startsBoot(line, window)) {
        yield* flush(window);
        window.boot = witnessOf([line], allClues).between(0, 0);
      }
      window.id = line.boot ?? window.id;
      window.lines.push(line);
      const { length } = window.lines;
      if (CARRIES.test(line.text)) window.last = length - 1;
      if (length >= TOO_MANY || (length >= ENOUGH && length - window.last > QUIET)) yield* flush(window);
    }
  }
  for (const window of windows.values()) yield* flush(window);
}

const BOOT = /^(?:Linux version \d|-- (?:Boot|Reboot)\b)/;

/** A stamped "Linux version": another boot. One without a stamp is often a line of a debugger or of prose. */
const startsBoot = (line: Line, window: Window): boolean =>
  (line.boot !== null && window.id !== null && line.boot !== window.id) ||
  (BOOT.test(line.text) && (line.stamped || line.text.startsWith("--")));

/** What people say before a log and around it. */
const proseIn = (lines: readonly Line[]): readonly Evidence[] =>
  witnessOf(lines, allClues).between(0, lines.length);
