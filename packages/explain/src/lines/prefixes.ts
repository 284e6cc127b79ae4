/** What was taken off the front of a line. */
export interface Bare {
  readonly text: string;
  /** The same with the blanks at its ends, which matter where it was broken in the midst of a word. */
  readonly blanks: string;
  /** Marks of quoting were taken off: mail, Markdown, a comment. */
  readonly quoted: boolean;
  /** A log reader's or the kernel's own prefix was taken off, so the line is not the rest of a wrapped one. */
  readonly stamped: boolean;
  /** The machine, where the prefix names it. */
  readonly host: string | null;
  /** Who printed it: `T486` or `C2`, with CONFIG_PRINTK_CALLER. */
  readonly caller: string | null;
}

interface Prefix {
  readonly form: RegExp;
  /** Quoting says nothing of where a line begins. */
  readonly quoting?: true;
}

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const CLOCK = "\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?";
const LEVEL = "(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug)";
// What is a word, and no part of the message: a host, a tag with its process.
const HOST = "(?<host>[\\w][\\w.:-]{0,64})";
const TAG = "(?:(?:kernel|kern)(?:\\[\\d+\\])?:\\s?)";

/** What may stand before the kernel's own text, in any order and more than once. Each begins at the line's front. */
const PREFIXES: readonly Prefix[] = [
  { form: /^(?:\s*(?:>|&gt;|\|(?=\s)|#(?=\s)|\*(?=\s)|\/\/(?=\s)|;(?=\s)))+\s?/, quoting: true },
  // grep and the like: a file's name
  { form: new RegExp(`^[\\w./-]{1,80}:(?:\\d+:)?(?=${MONTH}\\s|\\d{4}-\\d\\d-|\\[\\s*\\d|<\\d)`) },
  // syslog, journalctl
  { form: new RegExp(`^${MONTH}\\s{1,2}\\d{1,2}\\s(?:\\d{4}\\s)?${CLOCK}\\s${HOST}\\s+${TAG}`) },
  { form: new RegExp(`^${MONTH}\\s{1,2}\\d{1,2}\\s(?:\\d{4}\\s)?${CLOCK}\\s+${TAG}`) },
  { form: new RegExp(`^${MONTH}\\s{1,2}\\d{1,2}\\s${CLOCK}\\s(?:${HOST}\\s)?(?=\\[)`) },
  // busybox, OpenWrt's logread
  {
    form: new RegExp(
      `^(?:${DAY}\\s)?${MONTH}\\s{1,2}\\d{1,2}\\s${CLOCK}(?:\\s\\d{4})?\\s(?:\\w+\\s)?\\w+\\.${LEVEL}\\s${TAG}?`,
    ),
  },
  // journalctl -o short-iso, rsyslog with precise times
  {
    form: new RegExp(
      `^\\d{4}-\\d\\d-\\d\\d[T ]${CLOCK}(?:Z|[+-]\\d\\d:?\\d\\d)?\\s${HOST}\\s+${TAG}(?:${LEVEL}\\s)?`,
    ),
  },
  { form: new RegExp(`^\\d{4}-\\d\\d-\\d\\d[T ]${CLOCK}(?:Z|[+-]\\d\\d:?\\d\\d)?\\s+(?:${TAG})?`) },
  // RFC 5424
  { form: new RegExp(`^<\\d{1,3}>1\\s\\S{1,40}\\s${HOST}\\skernel\\s(?:\\S{1,40}\\s){2}(?:-\\s)?`) },
  // Android's logcat
  { form: /^\d\d-\d\d \d\d:\d\d:\d\d\.\d+\s+\d+\s+\d+\s+[VDIWEF]\s+\w{1,20}\s*:\s/ },
  // containers' log files (CRI)
  { form: /^\d{4}-\d\d-\d\dT\S{8,30}\s(?:stdout|stderr)\s[FP]\s/ },
  // netconsole's sender, extended netconsole and /dev/kmsg
  { form: /^\[?(?<host>\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?\]?:?\s+(?=\S)/ },
  { form: /^\d{1,4},\d{1,20},\d{1,20},[-c+](?:,[^;]{0,120})?;/ },
  // dmesg -x, a clock alone, a tag alone, a level alone
  { form: new RegExp(`^(?:kern|user|daemon)\\s*:\\s*${LEVEL}\\s*:\\s*`) },
  { form: new RegExp(`^${CLOCK}\\s+(?=kernel|\\[|<)`) },
  { form: new RegExp(`^\\s*${TAG}`) },
  { form: new RegExp(`^${LEVEL}\\s+(?=\\[)`) },
  // the kernel's own: level, time, caller
  { form: /^\s*<\d{1,3}>/ },
  { form: /^\s*\[\s*\d{1,10}\.\d{1,9}\]/ },
  { form: /^\s*\[\s*(?<caller>[TC]\d{1,10})\]/ },
  { form: /^\s*\(\d\)\[\d+:[^\]]{1,20}\]/ },
  { form: new RegExp(`^\\s*\\[${DAY}\\s${MONTH}\\s{1,2}\\d{1,2}\\s${CLOCK}\\s\\d{4}\\]`) },
  { form: new RegExp(`^\\s*\\[(?:${MONTH}\\s?\\d{1,2}\\s\\d\\d:\\d\\d|\\s*\\+?\\d{1,8}\\.\\d{1,9})\\]`) },
];

// What none of them begins with needs no look at each.
const FRONT =
  /^\s*(?:[>|#*;/<[(&\d]|[A-Z][a-z]{2}\s|kern|user|daemon|emerg|alert|crit|err|warn|notice|info|debug|[\w./-]{1,80}:(?:[A-Z]|\d|\[|<))/;

/** A line without what mail programs, log readers and the kernel put before its text. */
export function bare(line: string): Bare {
  let text = line;
  let quoted = false;
  let stamped = false;
  let host: string | null = null;
  let caller: string | null = null;
  // A line carries few of them; eight is more than was ever seen.
  for (let round = 0; round < 8 && FRONT.test(text); round++) {
    const before = text;
    for (const { form, quoting } of PREFIXES) {
      const lead = text.length - text.trimStart().length;
      const match = form.exec(lead > 0 ? text.slice(lead) : text);
      if (!match) continue;
      text = text.slice(lead + match[0].length);
      host = match.groups?.host ?? host;
      caller = match.groups?.caller ?? caller;
      if (quoting) quoted = true;
      else stamped = true;
    }
    if (text === before) break;
  }
  return { text: text.trim(), blanks: text, quoted, stamped, host, caller };
}
