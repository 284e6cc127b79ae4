import { withoutSequences } from "@ptekit/core";
import { contained, softBreak, unquoted, withoutHtml } from "./containers.ts";
import type { Bare } from "./prefixes.ts";
import { bare } from "./prefixes.ts";
import type { Block } from "./sieve.ts";

/** One line as the kernel printed it, put together again where it was wrapped. */
export interface Line {
  /** Where it begins, counted from 1 as editors do. */
  readonly number: number;
  readonly text: string;
  /** Where each further line of the file begins in `text`. */
  readonly breaks: readonly { readonly at: number; readonly number: number }[];
  readonly host: string | null;
  readonly boot: string | null;
  readonly caller: string | null;
  /** It came with a time stamp or another mark of a log. */
  readonly stamped: boolean;
  /** Lines before it were left out. */
  readonly gap: boolean;
}

/** The number of the file's line in which a place of a line stands. */
export const numberAt = (line: Line, at: number): number =>
  line.breaks.filter((part) => part.at <= at).at(-1)?.number ?? line.number;

/** One line of the file. */
interface Piece extends Bare {
  readonly number: number;
  /** As long as it stood there, for what was wrapped at a width. */
  readonly width: number;
  readonly boot: string | null;
  readonly gap: boolean;
}

// The kernel cuts a message at 1 KiB. What is longer is looked at in parts.
const LONGEST = 4096;
const MOST_JOINED = 5;

/** The lines of a block, unwrapped. */
export function linesOf(block: Block): Line[] {
  const pieces = piecesOf(block);
  const hard = hardWidth(pieces);
  const lines: Line[] = [];
  let group: Piece[] = [];
  const close = (): void => {
    if (group.length > 0) lines.push(joined(group, hard));
    group = [];
  };
  for (const piece of pieces) {
    const last = group.at(-1);
    const first = group[0];
    if (first && last && group.length < MOST_JOINED && goesOn(first, last, piece)) group.push(piece);
    else {
      close();
      group = [piece];
    }
  }
  close();
  return lines;
}

function piecesOf({ text, first, gap }: Block): Piece[] {
  const pieces: Piece[] = [];
  let number = first;
  let held: { text: string; number: number } | null = null;
  let next = gap;
  const add = (whole: string, at: number): void => {
    const inside = contained(whole);
    const plain = withoutHtml(unquoted(withoutSequences(inside?.text ?? whole)));
    for (const part of plain.split("\n")) {
      for (const short of shortened(part)) {
        const { host, ...rest } = bare(short);
        const stamped = rest.stamped || inside !== null;
        const boot = inside?.boot ?? null;
        pieces.push({
          ...rest,
          stamped,
          host: host ?? inside?.host ?? null,
          boot,
          number: at,
          width: short.length,
          gap: next,
        });
        next = false;
      }
    }
  };
  for (const physical of text.split("\n")) {
    // A serial console ends lines with \r\r\n, and draws over a line with \r.
    for (const line of physical.replace(/\r+$/, "").split("\r")) {
      const open: { text: string; number: number } | null = held;
      const whole: string = open === null ? line : open.text + withoutQuote(line, open.text);
      const at: number = open === null ? number : open.number;
      if (softBreak(whole) && whole.length < LONGEST) held = { text: whole.slice(0, -1), number: at };
      else {
        add(whole, at);
        held = null;
      }
    }
    number++;
  }
  if (held !== null) add(held.text, held.number);
  return pieces;
}

const QUOTE = /^(?:\s?(?:>|&gt;)\s?)+/;

/** What goes on behind a soft break, without the quoting that was put before both lines. */
function withoutQuote(line: string, before: string): string {
  const quote = QUOTE.exec(before)?.[0];
  return quote !== undefined && line.startsWith(quote.trimEnd()) ? line.replace(QUOTE, "") : line;
}

function shortened(text: string): string[] {
  if (text.length <= LONGEST) return [text];
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const space = text.lastIndexOf(" ", at + LONGEST);
    const end = space > at ? space : at + LONGEST;
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

/** How the kernel's own lines begin: what begins so is not the rest of another one. */
const STARTS =
  /^(?:BUG|WARNING|INFO|Oops|CPU: |Pid: |Hardware |Call [Tt]race|Modules |[RE]IP|EIP|LR |PC |NIP|MSR|R[0-9A-Z]{2}: |Code: |addr:|file:|page:|page |flags: |raw: |head: |aops:|memcg:|anon |PGD |pgd ?= |Bad |_*swap_|_*get_swap|unrecogn|Tainted:|Kernel |Unable |\[<|\[[0-9a-f]{8,16}\]|\? |[\w.]+\+0x|<\/?TASK|<IRQ|---|===|Disabling |Linux version|vma->|crash> |Stack|AS:|Oops|Internal error|Subject:|On |In |\d+[.)] )/;

/** How a line goes on that was broken before one of its words. */
const RESTS =
  /^(?:pte|pmd|pud|p4d|anon_vma|mapping|index|vm_flags|mmap|fault|read_?folio|readpage|mapcount)\s?[:=]/;

/** How a line ends that cannot be whole. */
const OPEN =
  /(?:\b(?:Bad|Unused)(?: swap(?: (?:file|offset))?)?|\bBad page(?: map(?: in(?: process)?)?)?|\bentry|in process \S{1,20}|\b(?:PTE|PMD|PUD|P4D|PGD)|[:=(,])$/;

function goesOn(first: Piece, last: Piece, next: Piece): boolean {
  if (next.gap || next.stamped || next.text === "" || last.text === "" || next.number === last.number)
    return false;
  if (last.quoted && !next.quoted && last.width < 60) return false;
  if (first.stamped) return !STARTS.test(next.text);
  if (RESTS.test(next.text)) return !STARTS.test(next.text) && KERNEL.test(first.text);
  if (STARTS.test(next.text)) return false;
  return (
    (OPEN.test(last.text) && KERNEL.test(first.text)) ||
    (last.width > 60 && CUT.test(first.text) && !/#\d/.test(last.text))
  );
}

const KERNEL = /pte|PTE|PMD|pgd|[Bb]ad |Unused|addr:|page:|entry|file:/;
// A line with a release far to its right.
const CUT = /^(?:CPU: |Pid: |Hardware name|Linux version|addr:|page:|PGD |BUG: Bad)/;

/** The width at which every wrapped line was broken, where that was in the midst of words; null where it was at spaces. */
function hardWidth(pieces: readonly Piece[]): number | null {
  const widths: number[] = [];
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1];
    if (next && goesOn(piece, piece, next)) widths.push(piece.width);
  }
  const [width = 0] = widths;
  return widths.length > 1 && width > 60 && widths.every((one) => one === width) ? width : null;
}

function joined(group: readonly Piece[], hard: number | null): Line {
  const [first] = group as [Piece];
  let text = "";
  const breaks: { at: number; number: number }[] = [];
  for (const [index, piece] of group.entries()) {
    if (index > 0) {
      if (hard === null) text += " ";
      breaks.push({ at: text.length, number: piece.number });
    }
    text += hard === null ? piece.text : piece.blanks;
  }
  const { number, host, boot, caller, stamped, gap } = first;
  return { number, text: text.trim(), breaks, host, boot, caller, stamped, gap };
}
