import { withoutSequences } from "@ptekit/core";
import type { Contained } from "./containers.ts";
import { contained, softBreak, unquoted, withoutHtml } from "./containers.ts";
import type { Bare } from "./prefixes.ts";
import { bare } from "./prefixes.ts";
import type { Block } from "./sieve.ts";

/** One line of the file, or of what a line of the file contains. */
export interface Piece extends Bare {
  readonly number: number;
  /** As long as it stood there, for what was wrapped at a width. */
  readonly width: number;
  readonly boot: string | null;
  readonly gap: boolean;
}

// The kernel cuts a message at 1 KiB. What is longer is looked at in parts.
const LONGEST = 4096;

/** A line before its prefixes are looked at. */
interface Raw {
  readonly text: string;
  readonly number: number;
  readonly inside: Contained | null;
}

/** The lines of a block, each without what was put before and around it. */
export function piecesOf(block: Block): Piece[] {
  let next = block.gap;
  return withoutSoftBreaks(rawLines(block)).flatMap(({ text, number, inside }) =>
    shortened(unquoted(text)).map((short) => {
      const { host, ...rest } = bare(short);
      const gap = next;
      next = false;
      const boot = inside?.boot ?? null;
      return { ...rest, host: host ?? inside?.host ?? null, boot, number, width: short.length, gap };
    }),
  );
}

/** The lines of the file, out of JSON, pages and colours. */
function rawLines({ text, first }: Block): Raw[] {
  const lines: Raw[] = [];
  let number = first;
  for (const physical of text.split("\n")) {
    // A serial console ends lines with \r\r\n, and draws over a line with \r.
    for (const line of physical.replace(/\r+$/, "").split("\r")) {
      const inside = contained(line);
      const plain = withoutHtml(withoutSequences(inside?.text ?? line)).replace(/\n$/, "");
      for (const part of plain.split("\n")) lines.push({ text: part, number, inside });
    }
    number++;
  }
  return lines;
}

/** Quoted-printable's lines, put together again. */
function withoutSoftBreaks(lines: readonly Raw[]): Raw[] {
  const whole: Raw[] = [];
  let open: Raw | null = null;
  for (const line of lines) {
    const joined: Raw =
      open === null ? line : { ...open, text: open.text + withoutFront(line.text, open.text) };
    const goesOn = softBreak(joined.text) && joined.text.length < LONGEST;
    open = goesOn ? { ...joined, text: joined.text.slice(0, -1) } : null;
    if (open === null) whole.push(joined);
  }
  return open === null ? whole : [...whole, open];
}

const FRONT = /^(?:[ \t]{0,40}(?:>|\||#|\*)(?=[\s>|#*]|$|\S)){0,12}[ \t]{0,40}/;

/** What goes on behind a soft break, without the quoting or the indent that was put before both lines. */
function withoutFront(line: string, before: string): string {
  const front = FRONT.exec(before)?.[0] ?? "";
  if (front.trim() === "") return line.startsWith(front) ? line.slice(front.length) : line;
  // Whoever quoted a folded line may have quoted each of its parts, or fewer times the later ones.
  const own = FRONT.exec(line)?.[0] ?? "";
  const isSame = own.trim() === "" ? front.startsWith(own) : front.startsWith(own.trimEnd());
  return isSame ? line.slice(own.length) : line;
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
