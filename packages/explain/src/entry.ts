// An entry that was found in a page table itself, not in a log: the same rules look at it.
import { clues as allClues } from "@ptekit/all/clues";
import type { ArchBackend, LevelName, Target } from "@ptekit/core";
import { parseRelease, printable } from "@ptekit/core";
import type { Case } from "./findings/case.ts";
import { findingsOf } from "./findings/index.ts";
import type { Finding } from "./interface.ts";
import { lookOf } from "./words/look.ts";
import { upperOf } from "./words/upper.ts";

/** An entry of a page table that something is wrong with, and what is known of its place. */
export interface StoredEntry {
  /** What reads PTEs of that kernel, and what selects it. */
  readonly backend: ArchBackend;
  readonly target: Target;
  readonly level: LevelName;
  readonly word: bigint;
  /** The first virtual address of the entry. */
  readonly address?: bigint;
  /** What is wrong, as the kernel would say it where it says such a thing: `Bad swap offset entry`. */
  readonly message?: string;
  /** Bytes of memory that the machine has. */
  readonly memory?: bigint;
  /** Bits each of which, turned round, would leave nothing wrong with the entry. */
  readonly mending?: readonly number[];
  /** Other entries of the same table that something is wrong with. */
  readonly beside?: readonly bigint[];
}

/**
 * What the rules conclude about an entry, the strongest first; none where they have nothing to say. They are the ones that
 * judge a log's words; what only a log tells (a page dump, an area, a trace) they do without.
 */
export function explainEntry(stored: StoredEntry): readonly Finding[] {
  return findingsOf(caseOf(stored)).map((finding) => ({ ...finding, sentence: printable(finding.sentence) }));
}

function caseOf(stored: StoredEntry): Case {
  const { backend, target, level, word, address, message = "", memory, mending = [], beside = [] } = stored;
  const isPte = level === "pte";
  return {
    message,
    kind: "bad-map",
    level,
    bad: !isPte,
    pte: word,
    entry: null,
    word,
    bits: backend.layout.pteBits,
    arch: backend.arch,
    reading: isPte
      ? { candidate: { backend, target }, said: backend.decode(word), look: lookOf(backend, word) }
      : null,
    others: [],
    agreement: null,
    pmd: null,
    table: null,
    upper: isPte ? null : upperOf(backend, level, word),
    details: {
      ...(address === undefined ? {} : { address }),
      ...(memory === undefined ? {} : { memory }),
    },
    page: null,
    clues: allClues.find(({ arch }) => arch === backend.arch) ?? null,
    release: target.release,
    numbers: parseRelease(target.release).numbers,
    areas: [],
    kin: beside.map((pte) => ({ pte, entry: null, pmd: null, pfn: null, process: null })),
    mending,
  };
}
