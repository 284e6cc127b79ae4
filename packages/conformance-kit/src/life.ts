import type { FileHead } from "@ptekit/core";
import { checkFormat, LIFE } from "./format.ts";
import { badFile, configAt, cpuAt, numberAt, parseObject, rowsAt, textAt, wordAt } from "./parse.ts";

/** What a running kernel did with single pages, event by event. */
export interface LifeFile extends FileHead {
  readonly file: string;
  readonly arch: string;
  /** The categories that PAGEMAP_SCAN was asked for. Default: 0xff. */
  readonly categories: number;
  readonly sequences: readonly LifeSequence[];
}

/** What happened to one page. */
export interface LifeSequence {
  readonly number: number;
  /** `anonymous`, `shmem`, `file`, `hugetlb`, `private-shmem`, `private-file`, `private-hugetlb`, `thp`. */
  readonly vma: string;
  /** What UFFDIO_API was asked for, beside what every sequence asks for. */
  readonly features: readonly string[];
  /** Why the sequence is there. */
  readonly why?: string;
  readonly steps: readonly LifeStep[];
}

/** One event, and what was seen after it. */
export interface LifeStep {
  /** The number of the row in the file's list of steps, from 0 on. */
  readonly row: number;
  readonly event: string;
  /** What user space saw; or `not done: ` and why. */
  readonly saw: string;
  readonly level: "pte" | "pmd";
  /** The entry in the guest's memory. */
  readonly pte: bigint;
  /** The word of /proc/PID/pagemap. */
  readonly pagemap: bigint;
  /** The categories of PAGEMAP_SCAN, where the kernel has it. */
  readonly scan?: bigint;
}

/**
 * A life file from its text.
 *
 * @throws PtekitError `BAD_FILE`, naming the file and what is wrong with it.
 */
export function parseLife(file: string, text: string): LifeFile {
  const head = parseObject(file, text);
  checkFormat(file, head, LIFE);
  const steps = new Map<number, LifeStep[]>();
  const sequences = rowsAt(file, head, "sequences").map((row, index): LifeSequence => {
    const where = `sequences row ${index}`;
    const number = numberAt(file, row, "number", where);
    if (steps.has(number)) throw badFile(file, `${where}: there is a sequence ${number} already`);
    const own: LifeStep[] = [];
    steps.set(number, own);
    const features = textAt(file, row, "features", where);
    return {
      number,
      vma: textAt(file, row, "vma", where),
      features: features === "" ? [] : features.split(" "),
      ...(row.why !== undefined && { why: textAt(file, row, "why", where) }),
      steps: own,
    };
  });
  for (const [index, row] of rowsAt(file, head, "steps").entries()) {
    const where = `steps row ${index}`;
    const own = steps.get(numberAt(file, row, "of", where));
    if (own === undefined) throw badFile(file, `${where}: there is no sequence ${String(row.of)}`);
    own.push({
      row: index,
      event: textAt(file, row, "event", where),
      saw: textAt(file, row, "saw", where),
      level: row.level === "pmd" ? "pmd" : "pte",
      pte: wordAt(file, row, "pte", where),
      pagemap: wordAt(file, row, "pagemap", where),
      ...(row.scan !== undefined && { scan: wordAt(file, row, "scan", where) }),
    });
  }
  return {
    file,
    arch: textAt(file, head, "arch"),
    release: textAt(file, head, "release"),
    config: configAt(file, head),
    cpu: cpuAt(file, head),
    categories: head.categories === undefined ? 0xff : numberAt(file, head, "categories", "the file"),
    sequences,
  };
}
