/** A stretch of a log, whole lines of it. */
export interface Block {
  readonly text: string;
  /** The number of its first line, counted from 1 as editors do. */
  readonly first: number;
  /** Lines before it were left out. */
  readonly gap: boolean;
}

/**
 * What a line must have, somewhere, to be worth reading: most lines of a log are looked at by this alone. It stands for
 * every form of records/forms.ts and for the line that a boot begins with; a test holds that.
 */
export const TELLING: RegExp =
  /pte[:=p \t]|PTE[:= \t=]|[Bb]ad [pPs]|sed s|zed s|AS:0|Linux v|pgd|PGD|P4D|PUD|wp_entry|\bpte\b|racy |PMD|\bpmd|\*pd/;

/**
 * The parts of a log around the lines that tell something, with what stands before and after; the whole of a log that
 * fits into one part.
 */
export async function* sieve(texts: AsyncIterable<string>): AsyncGenerator<Block> {
  let number = 1;
  let before: Block | null = null;
  // The beginning of a log often says in prose which kernel it is about.
  let wanted = true;
  let gap = false;
  for await (const text of texts) {
    const block: Block = { text, first: number, gap };
    number += newlines(text);
    const tells = TELLING.test(text);
    if (tells || wanted) {
      if (before !== null) yield before;
      yield before === null ? block : { ...block, gap: false };
      before = null;
      gap = false;
      wanted = tells;
      continue;
    }
    if (before !== null) gap = true;
    before = { ...block, gap };
  }
  // The end of a log, too.
  if (before !== null) yield before;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
