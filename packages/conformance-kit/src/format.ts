import { didYouMean } from "@ptekit/core";
import type { Row } from "./parse.ts";
import { badFile, flagAt, numberAt, partAt, rowsAt, textAt, wordAt } from "./parse.ts";

// The file formats as data: files are read by it, and their JSON Schemas are made from it.

/** What a key holds; `?` where it may be missing. */
export type Holds = "text" | "hex" | "whole" | "flag" | "text?" | "hex?" | "whole?" | "flag?" | "level?";

/** The keys of a row. Further ones are not looked at. */
export type RowForm = Readonly<Record<string, Holds>>;

/** A file format. Beside what is named here a file may hold texts, numbers, true and false: how it was made. */
export interface Format {
  /** `ptekit-vectors/1`: a file says it under `format`. */
  readonly name: string;
  /** Whether the first form of the files did not say it: what those lack. Null where every file says its format. */
  readonly unnamed: readonly string[] | null;
  readonly title: string;
  readonly head: RowForm;
  /** Objects of the head that are tables of a known form, and whether they must be there. */
  readonly parts: Readonly<Record<string, { readonly keys: RowForm }>>;
  /** Objects of the head with keys of any name. */
  readonly tables: Readonly<Record<string, { readonly holds: "text" | "any"; readonly needed: boolean }>>;
  /** Lists of rows; `needed` ones have a row at least. */
  readonly lists: Readonly<Record<string, { readonly row: RowForm; readonly needed: boolean }>>;
}

const entry: RowForm = { type: "whole", offset: "hex", pte: "hex", swpEntry: "hex?" };
const optional = (row: RowForm) => ({ row, needed: false });

/** ptekit-vectors/1: what the kernel's own macros answered. */
export const VECTORS: Format = {
  name: "ptekit-vectors/1",
  unnamed: null,
  title: "Words that the kernel's own macros answered, for one architecture, release and configuration",
  head: {
    arch: "text",
    variant: "text",
    release: "text",
    pteBits: "whole",
    longBits: "whole?",
    maxOffset: "hex?",
    emptyPte: "hex?",
  },
  parts: {
    masks: { keys: { exclusive: "hex", softDirty: "hex", uffdWp: "hex" } },
    presentPte: { keys: { uffdWp: "hex", softDirty: "hex" } },
    none: { keys: { mask: "hex", compare: "hex" } },
    modify: { keys: { asked: "hex", kept: "hex" } },
  },
  tables: {
    config: { holds: "text", needed: true },
    constants: { holds: "any", needed: false },
    flags: { holds: "text", needed: false },
  },
  lists: {
    encode: { row: entry, needed: true },
    decode: {
      row: {
        pte: "hex",
        none: "flag",
        present: "flag",
        type: "whole?",
        offset: "hex?",
        swpEntry: "hex?",
        exclusive: "flag?",
        softDirty: "flag?",
        uffdWp: "flag?",
        class: "text?",
        archType: "whole?",
        archOffset: "hex?",
      },
      needed: true,
    },
    encodeOverflow: optional(entry),
    markers: optional({ bits: "hex", pte: "hex" }),
    special: optional({
      kind: "text",
      pfn: "hex",
      pte: "hex?",
      pteYoung: "hex?",
      pteDirty: "hex?",
      pteYoungDirty: "hex?",
      swpEntry: "hex?",
      cpu: "text?",
    }),
    memory: optional({ pte: "hex", bytes: "text" }),
    pmd: optional({ type: "whole", offset: "hex", pmd: "hex" }),
    presentPtes: optional({
      made: "text?",
      of: "hex?",
      pte: "hex",
      present: "flag",
      none: "flag?",
      pfn: "hex?",
      write: "flag?",
      dirty: "flag?",
      young: "flag?",
      special: "flag?",
      softDirty: "flag?",
      uffdWp: "flag?",
      protNone: "flag?",
    }),
    presentPmds: optional({
      made: "text?",
      of: "hex?",
      pmd: "hex",
      present: "flag",
      leaf: "flag",
      pfn: "hex",
      write: "flag?",
      dirty: "flag?",
      young: "flag?",
      special: "flag?",
      softDirty: "flag?",
      uffdWp: "flag?",
      protNone: "flag?",
    }),
    pmdSpecial: optional({
      kind: "text",
      pfn: "hex",
      pte: "hex",
      swpEntry: "hex?",
      pteYoung: "hex?",
      pteDirty: "hex?",
      pteYoungDirty: "hex?",
      softDirty: "hex",
      uffdWp: "hex",
    }),
    pmdDecode: optional({
      pmd: "hex",
      none: "flag",
      present: "flag",
      type: "whole?",
      offset: "hex?",
      swpEntry: "hex?",
      exclusive: "flag?",
      softDirty: "flag?",
      uffdWp: "flag?",
      class: "text?",
    }),
  },
};

/** ptekit-live/2, and the first form, which names none: page-table entries of a running kernel beside what its pagemap said. */
export const LIVE: Format = {
  name: "ptekit-live/2",
  unnamed: ["root"],
  title: "Page-table entries of a running kernel, beside what its pagemap said of the same pages",
  head: { arch: "text", release: "text", levels: "whole", root: "hex?" },
  parts: {},
  tables: { config: { holds: "text", needed: true } },
  lists: {
    rows: {
      row: {
        vaddr: "hex",
        region: "text",
        level: "level?",
        at: "hex?",
        pte: "hex",
        pagemap: "hex",
        exclusive: "flag?",
      },
      needed: true,
    },
    upper: optional({ at: "hex", entry: "hex" }),
  },
};

/** ptekit-life/1: what a running kernel did with single pages, event by event. */
export const LIFE: Format = {
  name: "ptekit-life/1",
  unnamed: null,
  title: "Sequences of events on single pages of a running kernel, and the page-table entry after each",
  head: { arch: "text", release: "text", seed: "whole?", categories: "whole?" },
  parts: {},
  tables: { config: { holds: "text", needed: true } },
  lists: {
    sequences: { row: { number: "whole", vma: "text", features: "text", why: "text?" }, needed: true },
    steps: {
      row: {
        of: "whole",
        event: "text",
        saw: "text",
        level: "level?",
        pte: "hex",
        pagemap: "hex",
        scan: "hex?",
      },
      needed: true,
    },
  },
};

/** The levels of an entry in a live or life file. */
export const LEVELS: readonly unknown[] = ["pte", "pmd"];

/** The keys that hold a text or a list of them. */
export const TEXTS: readonly string[] = ["cpu"];

/**
 * Refuses a file that is not of the format: a list or an object that nobody reads, a missing one, and each row.
 *
 * @throws PtekitError `BAD_FILE`.
 */
export function checkFormat(file: string, head: Row, format: Format): void {
  const known = [...Object.keys(format.lists), ...Object.keys(format.parts), ...Object.keys(format.tables)];
  const scalars = [...Object.keys(format.head), ...TEXTS];
  for (const [key, value] of Object.entries(head)) {
    if (typeof value !== "object" || value === null || known.includes(key) || scalars.includes(key)) continue;
    throw badFile(
      file,
      `${JSON.stringify(key)} is no list or object of this format, which has ${known.join(", ")}${didYouMean(key, known)}`,
    );
  }
  if (head.format !== format.name && (head.format !== undefined || format.unnamed === null))
    throw badFile(file, `the format is ${JSON.stringify(head.format)}, not "${format.name}"`);
  for (const [key, { needed }] of Object.entries(format.lists)) {
    if (needed && rowsAt(file, head, key).length === 0) throw badFile(file, `${key} has no rows`);
  }
  checkKeys(file, head, format.head, "the head");
  if (head.format !== undefined)
    for (const key of format.unnamed ?? []) checkKeys(file, head, { [key]: "hex" }, "the head");
  for (const [key, { keys }] of Object.entries(format.parts)) {
    const part = partAt(file, head, key);
    if (part) checkKeys(file, part, keys, key);
  }
  for (const key of Object.keys(format.tables)) partAt(file, head, key);
  for (const [key, { row: form }] of Object.entries(format.lists)) {
    rowsAt(file, head, key).forEach((row, index) => {
      const where = `${key} row ${index}`;
      checkKeys(file, row, form, where);
      if (format === VECTORS && key === "decode" && row.none === false && row.present === false)
        checkKeys(file, row, { type: "whole", offset: "hex" }, where);
    });
  }
}

const READERS = { text: textAt, hex: wordAt, whole: numberAt, flag: flagAt, level: levelAt };

function levelAt(file: string, row: Row, key: string, where: string): void {
  if (!LEVELS.includes(row[key])) throw badFile(file, `${where}: ${key} is not "pte" or "pmd"`);
}

function checkKeys(file: string, row: Row, form: RowForm, where: string): void {
  for (const [key, holds] of Object.entries(form)) {
    if (holds.endsWith("?") && row[key] === undefined) continue;
    const at = READERS[holds.replace("?", "") as keyof typeof READERS];
    at(file, row, key, where);
  }
}
