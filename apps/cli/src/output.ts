import { existsSync, fstatSync, readFileSync, writeSync } from "node:fs";
import { printable, printableJson } from "@ptekit/core";
import { reasonOf, UsageError } from "./errors.ts";

/** Colours for a terminal; elsewhere each gives its text back. */
export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** Where a command's answer goes. */
export interface Output {
  readonly colors: Colors;
  /** Whether these colour. */
  readonly colored: boolean;
  /** The bytes of a file, as they are; false where there is none. */
  copy(file: URL): boolean;
  /** One line, or several, to standard output. */
  line(text?: string): void;
  /** One object on one line, for --json. */
  json(value: object): void;
  /** The same, of an object whose text is made: as printableJson() makes it. */
  jsonLine(text: string): void;
  /** One line to standard error. */
  warn(text: string): void;
  /** A line on standard error that the next one replaces; nothing where that is no terminal. */
  progress(text: string): void;
  /** Writes what is still held back. */
  flush(): void;
}

/** Thrown where nobody reads any more: the program ends quietly. */
export class ClosedPipe extends Error {}

const plain = (text: string): string => text;
const PLAIN: Colors = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };
const HELD = 1 << 16;

// The codes of `Colors`, which an answer for a terminal has in it, and no others.
const OWN = new RegExp(`(${String.fromCharCode(27)}\\[(?:1|2|22|31|32|33|36|39)m)`);

/** Lines that a terminal may get: a name, a log, a file may hold anything, and the text of every command passes here. */
const safe = (text: string): string => text.split("\n").map(printable).join("\n");

const safeInColors = (text: string): string =>
  text
    .split(OWN)
    .map((part, i) => (i % 2 === 1 ? part : safe(part)))
    .join("");

/** Standard output and standard error, written through in blocks. */
export async function openOutput(): Promise<Output> {
  const terminal = await isTerminal(1);
  const errorTerminal = await isTerminal(2);
  const colors =
    terminal && !process.env.NO_COLOR && process.env.TERM !== "dumb"
      ? (await import("picocolors")).default.createColors(true)
      : PLAIN;
  let held: string[] = [];
  let size = 0;
  let shown = 0;
  const flush = (): void => {
    const text = held.join("");
    held = [];
    size = 0;
    if (text !== "") writeAll(1, text);
  };
  const clear = (): void => {
    if (shown > 0) writeAll(2, `\r${" ".repeat(shown)}\r`);
    shown = 0;
  };
  const written = (text: string): void => {
    held.push(text, "\n");
    size += text.length + 1;
    if (size >= HELD) flush();
  };
  const line = (text = ""): void => written(colors === PLAIN ? safe(text) : safeInColors(text));
  return {
    colors,
    colored: colors !== PLAIN,
    copy(file) {
      if (!existsSync(file)) return false;
      flush();
      writeAll(1, readFileSync(file));
      return true;
    },
    line,
    json: (value) => written(printableJson(value)),
    jsonLine: written,
    warn(text) {
      clear();
      flush();
      writeAll(2, `${safe(text)}\n`);
    },
    progress(text) {
      if (!errorTerminal) return;
      clear();
      writeAll(2, safe(text));
      shown = text.length;
    },
    flush() {
      clear();
      flush();
    },
  };
}

/** Asks for node:tty, which takes its time to load, only where it can say yes: /dev/null and its kin (major 1) are none. */
async function isTerminal(fd: number): Promise<boolean> {
  try {
    const stat = fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev >> 8 !== 1 && (await import("node:tty")).isatty(fd);
  } catch {
    return false;
  }
}

function writeAll(fd: number, text: string | Buffer): void {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // A reader that shares its end as non-blocking (a terminal multiplexer, say) is waited for.
      if (code === "EAGAIN") pause();
      else if (code === "EPIPE" || code === "EBADF") throw new ClosedPipe();
      else throw new UsageError(`cannot write the answer: ${reasonOf(error)}`);
    }
  }
}

/** Waits a millisecond without spinning. */
export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}
