/** One line of a log, without what mail programs and log readers put around it. */
export interface LogLine {
  /** Counted from 1, as editors do. */
  readonly number: number;
  readonly text: string;
}

// The escape character starts a terminal's colour sequences.
const COLOR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, "g");

/** What may stand before the kernel's own text, outermost first; each may be there or not. */
const PREFIXES: readonly RegExp[] = [
  /^\s*(?:[>|]\s?)+/, // quoted in a mail
  /^\s*(?:[a-z0-9]+\s*:\s*(?:emerg|alert|crit|err|warn|notice|info|debug)\s*:\s*)/i, // dmesg -x
  /^\s*[A-Z][a-z]{2}\s+\d+\s+\d\d:\d\d:\d\d(?:\.\d+)?\s+\S+\s+(?:kernel:\s*)?/, // syslog, journalctl
  /^\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*\s+\S+\s+(?:kernel:\s*)?/, // journalctl -o short-iso
  /^\s*\[\s*\d+\.\d+\]\s+\S+\s+kernel:\s*/, // journalctl -o short-monotonic
  /^\s*(?:<\d+>|\[\s*[0-9]+\.[0-9]+\]|\[\s*[TC]\d+\]|\[[A-Z][a-z]{2} [A-Z][a-z]{2}\s+\d+ [\d:]+ \d{4}\])+\s*/, // dmesg
];

/** The lines of a log, with line ends, colours, quotes, time stamps and levels taken off. */
export function logLines(text: string): LogLine[] {
  return text.split(/\r\n|\n|\r/).map((line, index) => ({ number: index + 1, text: bare(line) }));
}

function bare(line: string): string {
  let text = line.replace(COLOR, "");
  let before: string;
  do {
    before = text;
    for (const prefix of PREFIXES) text = text.replace(prefix, "");
  } while (text !== before);
  return text.trim();
}
