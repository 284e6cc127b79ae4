import type { AnyDecoded, ArchBackend, ArchClues, Decoded } from "@ptekit/core";
import { capacityOf, maskOf } from "@ptekit/core";
import type { Finding, Level } from "../interface.ts";
import type { Details, PageDump } from "../records/details.ts";
import type { Kind } from "../records/forms.ts";
import type { Agreement, Candidate } from "../words/backends.ts";
import type { Look } from "../words/look.ts";
import type { Upper } from "../words/upper.ts";

/** One way to read the words of a report. */
export interface Reading {
  readonly candidate: Candidate;
  readonly said: Decoded;
  /** As a present entry, whether it is one or not; null where present entries are not described. */
  readonly look: Look | null;
}

/** Everything known about the word that a report is about; what the rules look at. */
export interface Case {
  readonly message: string;
  readonly kind: Kind;
  readonly level: Level;
  /** The kernel itself calls the word bad. */
  readonly bad: boolean;
  /** The entry of the page table, null where only the swp_entry_t was printed. */
  readonly pte: bigint | null;
  readonly entry: bigint | null;
  /** The entry, or the one behind the swp_entry_t; null where no layout tells. */
  readonly word: bigint | null;
  readonly bits: 32 | 64;
  readonly arch: string | null;
  readonly reading: Reading | null;
  /** Every other layout that it may have been written by. */
  readonly others: readonly Reading[];
  readonly agreement: Agreement | null;
  /** The PMD that was printed beside, and the physical address of the table that it names. */
  readonly pmd: bigint | null;
  readonly table: bigint | null;
  /** What the word says where it is of an upper level. */
  readonly upper: Upper | null;
  readonly details: Omit<Details, "line" | "page" | "pageFlags" | "pageType">;
  /** The page that the entry names, as it was dumped beside. */
  readonly page: PageDump | null;
  readonly clues: ArchClues | null;
  readonly release: string | null;
  readonly numbers: readonly number[] | null;
  /** The swap areas that the log says were switched on, in bytes. */
  readonly areas: readonly bigint[];
  /** What the rest of the log has of the same kind: reports of the same page table, or of the same page. */
  readonly kin: readonly Kin[];
  /** Bits each of which, turned round, would make the entry one that fits its place; where that is known, as in a dump. */
  readonly mending?: readonly number[];
}

/** Another report of the same log. */
export interface Kin {
  readonly pte: bigint | null;
  readonly entry: bigint | null;
  readonly pmd: bigint | null;
  readonly pfn: bigint | null;
  readonly process: string | null;
}

/** A rule: what it looks at is the case, what it concludes is a sentence. */
export interface Rule {
  readonly name: string;
  readonly cause: string;
  readonly strength: Finding["strength"];
  readonly citation: string;
  /** It stands beside whatever else holds, and never is the verdict where something else is. */
  readonly beside?: true;
  /** What is left where nothing else holds: silent beside whatever is as sure. */
  readonly leftover?: true;
  readonly holds: (one: Case) => Conclusion | null;
}

/** What a rule says where it holds. */
export interface Conclusion {
  readonly sentence: string;
  readonly next?: string;
  /** Where this case is surer, or less sure, than the rule. */
  readonly strength?: Finding["strength"];
}

/** The largest offset of a swap area that the kernel takes, in pages. */
export const maxPages = ({ layout, types, kernel }: ArchBackend): bigint =>
  capacityOf(layout, types, kernel).maxBytes >> BigInt(kernel.pageShift);

/** Whether bits are set that every swap PTE of the layout has clear, or the other way round. */
export const breaksZeros = ({ layout }: ArchBackend, word: bigint): boolean =>
  layout.fields.some(
    (row) =>
      (row.kind === "zeros" && (word & maskOf(row)) !== 0n) ||
      (row.kind === "ones" && (word & maskOf(row)) !== maskOf(row)),
  );

/** Memory that no machine of these reports has had: an entry that names a page beyond is none. */
const FAR = 1n << 46n;

/** Whether a reading is one that a kernel may have written. */
export function isPlausible({ candidate: { backend }, said, look }: Reading): boolean {
  const told: AnyDecoded = said;
  const page = BigInt(backend.kernel.pageShift);
  switch (said.kind) {
    case "none":
      return true;
    case "present":
      // Where present entries are not described, nothing speaks against one.
      return look === null || (look.stray.length === 0 && look.beyond.length === 0 && look.pfn << page < FAR);
    case "unassigned":
      return false;
    case "swap":
      return (
        !breaksZeros(backend, said.pte) &&
        (told.offset ?? 0n) <= maxPages(backend) &&
        (told.offset ?? 0n) > 0n
      );
    case "marker": {
      const known = backend.types.markers.reduce((sum, { value }) => sum | value, 0n);
      const offset = told.offset ?? 0n;
      return !breaksZeros(backend, said.pte) && offset !== 0n && (offset & ~known) === 0n;
    }
    default:
      return !breaksZeros(backend, said.pte) && (told.pfn ?? told.offset ?? 0n) << page < 1n << 42n;
  }
}
