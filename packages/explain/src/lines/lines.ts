import type { Piece } from "./pieces.ts";
import { piecesOf } from "./pieces.ts";
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
  if (next.gap || next.stamped || next.text === "" || last.text === "") return false;
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
