import type { Architecture, Target } from "@ptekit/core";

// The contract: every type that explain() takes or returns. All of it is plain JSON; words are hexadecimal text.

/** A level of the page table, from the entry that maps a page up; `asce` is s390's, `ppte` is not a level of its own. */
export type Level = "pte" | "pmd" | "pud" | "p4d" | "pgd" | "asce";

/** How sure something is: it cannot be otherwise, it is hard to explain otherwise, it fits. */
export type Strength = "sure" | "likely" | "possible";

/** What the user says beside the log; it stands above what the log says. */
export interface Options {
  /** The architecture, or an alias of it; or one of your own, as `defineArch()` makes it. */
  readonly arch?: string | Architecture;
  readonly release?: string;
  readonly config?: Target["config"];
  readonly cpu?: Target["cpu"];
  readonly backports?: Target["backports"];
}

/** One thing that the log says of the machine, with the line that says it. */
export interface Evidence {
  readonly says: "arch" | "release" | "config" | "memory";
  readonly value: string;
  /** The words of the log. */
  readonly because: string;
  readonly line: number;
  /** 10 settles it, 1 is a hint. */
  readonly weight: number;
  /** Kconfig symbols that it says are set, or not. */
  readonly config?: Readonly<Record<string, "y" | "n">>;
}

/** A word of the log: the entry of a page table, or a swp_entry_t, or both of one report. */
export interface Word {
  /** The entry of the page table, as it was printed; absent where only the swp_entry_t was. */
  readonly word?: string;
  /** The swp_entry_t, as it was printed. */
  readonly entry?: string;
  readonly level: Level;
  /** What a kernel takes it for: core's kinds, `table` for an entry that points to the next table. */
  readonly kind?: string;
  /** The entry at full width; of a swp_entry_t, the PTE behind it, its flags unknown. */
  readonly pte?: string;
  readonly layout?: string;
  readonly type?: number;
  readonly offset?: string;
  readonly swpEntry?: string;
  readonly pfn?: string;
  /** The physical address of the table that it points to. */
  readonly table?: string;
  readonly exclusive?: boolean;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  readonly access?: string | null;
  readonly young?: boolean;
  readonly dirty?: boolean;
  readonly markers?: readonly string[];
  /** The flags and markers that are set, in one list. */
  readonly flags?: readonly string[];
  /** The kernel's names of the bits that are set in a present entry. */
  readonly names?: readonly string[];
  /** Data of somebody else: kind, type and offset are what the kernel reads, not what was written. */
  readonly foreign?: true;
  /** How entry and swp_entry_t of one report fit together: the latter is the former decoded, or not, or but for a bit. */
  readonly agreement?: "same" | "misread" | "different";
  /** arm's *ppte: the hardware's own entry, beside the kernel's. */
  readonly hardware?: string;
  /** What it is, for a reader. */
  readonly meaning: string;
  /** Defaults that changed this reading, and what the word would say otherwise: `cpu without la57 (not given); otherwise …`. */
  readonly assumed?: readonly string[];
  readonly line: number;
}

/** What a rule concludes about a report. */
export interface Finding {
  /** The rule's name. */
  readonly rule: string;
  /** The class of fault: `one-bit`, `table-freed`, `mapcount-underflow`, … */
  readonly cause: string;
  readonly strength: Strength;
  readonly sentence: string;
  /** What to look at next. */
  readonly next?: string;
  readonly citation: string;
}

/** What happened, in one or two sentences. */
export interface Verdict {
  readonly cause: string;
  readonly strength: Strength | "none";
  readonly sentence: string;
  readonly next?: string;
}

/** One report of a log: what the kernel printed together, and what it means. */
export interface Report {
  readonly verdict: Verdict;
  /** The kernel's message: `Bad page map`. */
  readonly message: string;
  readonly process?: string;
  readonly host?: string;
  /** First and last line of the file. */
  readonly lines: readonly [number, number];
  readonly arch: string | null;
  /** The release, as the log or the user has it. */
  readonly kernel: string | null;
  readonly words: readonly Word[];
  /** Strongest first. */
  readonly findings: readonly Finding[];
  readonly evidence: readonly Evidence[];
  /** What was assumed or tried, in sentences. */
  readonly notes: readonly string[];
  /** How often the log says the same again. */
  readonly again: number;
  /** What only the user can tell, as a sentence; null where nothing is missing. */
  readonly question: string | null;
  /** What of the options would answer it; empty where nothing is missing. */
  readonly asks: readonly ("arch" | "release")[];
  /** What the backend is made from that read the words; null where none could be chosen. */
  readonly target: Target | null;
}
