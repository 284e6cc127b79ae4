import { genericEntry, meaningOf, NEWEST_RELEASE, shortHex } from "@ptekit/core";
import type { Draft } from "../cases.ts";
import type { Word } from "../interface.ts";
import { numberAt } from "../lines/lines.ts";
import type { Found } from "../records/forms.ts";
import { defined, upperWord, wordOf } from "./read.ts";

/** Causes whose word is somebody else's data, whatever the layout makes of it. */
const FOREIGN: ReadonlySet<string> = new Set([
  "byte-fill",
  "failing-read",
  "text",
  "small-integers",
  "machine-code",
  "kernel-pointer",
  "self-pointer",
  "user-pointer",
  "table-freed",
  "bios-ivt",
  "table-overwritten",
]);

export const isForeign = (cause: string | undefined): boolean => cause !== undefined && FOREIGN.has(cause);

const NO_ENTRY = "somebody's data, no entry";

/** The words of a report, the one that it is about first. */
export function wordsOf(draft: Draft, foreign: boolean): Word[] {
  const { uppers, record } = draft;
  const backend = draft.choice?.chosen.backend ?? null;
  const at = (found: Found): number => found.line ?? numberAt(record.line, found.at);
  const main = mainOf(draft, foreign);
  const rest = uppers
    .filter((found) => found.value >> 64n === 0n)
    .map((found) => upperWord(found, backend, at(found)));
  return [...(main ? [main] : []), ...rest];
}

function mainOf({ one, pte, entry, choice, record, scene }: Draft, foreign: boolean): Word | null {
  const found = pte ?? entry;
  if (!found) return null;
  const line = found.line ?? numberAt(record.line, found.at);
  const own = foreign ? { foreign: true as const } : {};
  if (one.reading !== null && choice !== null) {
    const word = {
      ...wordOf(choice.chosen, { pte, entry }, one.reading.said, line, {
        pfn: one.page?.pfn ?? null,
        entry: pte === null ? null : (entry?.value ?? null),
      }),
      ...own,
      ...(one.agreement === null ? {} : { agreement: one.agreement.kind }),
      ...(pte?.hardware === undefined ? {} : { hardware: pte.hardware }),
    };
    return { ...word, meaning: foreign ? NO_ENTRY : meaningOf(choice.chosen.backend, one.reading.said) };
  }
  if (pte !== null && pte.level !== "pte") {
    const word = { ...upperWord(pte, choice?.chosen.backend ?? null, line), ...own };
    return foreign ? { ...word, meaning: NO_ENTRY } : word;
  }
  const bits = scene.longBits;
  const generic =
    entry !== null && entry.value >> 64n === 0n
      ? genericEntry(
          entry.value,
          bits,
          one.numbers === null ? NEWEST_RELEASE : (one.release ?? NEWEST_RELEASE),
        )
      : null;
  const word = defined<Omit<Word, "meaning">>({
    word: pte?.digits,
    entry: entry?.digits,
    level: "pte",
    kind: pte?.value === 0n ? "none" : undefined,
    type: generic?.type,
    offset: generic === null ? undefined : shortHex(generic.offset),
    swpEntry: entry ? shortHex(entry.value) : undefined,
    pte: pte ? shortHex(pte.value) : undefined,
    line,
    ...own,
  });
  const meaning =
    generic === null
      ? foreign
        ? NO_ENTRY
        : word.kind === "none"
          ? "none: an empty entry"
          : "an entry; which kernel's is not known"
      : `swp_entry_t of ${generic.bits} bits: type ${generic.type}, offset ${shortHex(generic.offset)}`;
  return { ...word, meaning };
}
