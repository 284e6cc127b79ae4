import type { Action } from "./actions.ts";
import type { Condition } from "./conditions.ts";
import type { EventName } from "./events.ts";
import type { Sight, State, VmaKind } from "./vocabulary.ts";

/** One row: an event that finds a PTE in some state, and what the kernel makes of it. */
export interface Transition {
  /** The number of the rule in docs/uffd-wp.md that it belongs to; 0 for what has nothing to do with uffd-wp. */
  readonly rule: number;
  readonly event: EventName;
  /** From which states, and the state after it. */
  readonly moves: Readonly<Partial<Record<State, State>>>;
  /** Default: every kind. */
  readonly vma?: readonly VmaKind[];
  /** All must hold; `!` negates. */
  readonly when?: readonly (Condition | `!${Condition}`)[];
  /** The first release that does so. Default: every release that has the event. */
  readonly since?: string;
  /** The first release that no longer does. */
  readonly until?: string;
  /** Default: both kinds of special PTE. */
  readonly design?: "swap-type" | "bit";
  readonly does: Action;
  /** Default: `nothing`. */
  readonly sees?: Sight;
  /** The protection ends here, and is meant to. */
  readonly drops?: string;
  /** Where the kernel does it. */
  readonly citation: string;
  /** What is not certain about it. */
  readonly uncertain?: string;
}

/** The same state after as before, for each of these. */
export const stay = (...states: readonly State[]): Transition["moves"] =>
  Object.fromEntries(states.map((state) => [state, state]));

/** All of these become one state. */
export const become = (to: State, ...states: readonly State[]): Transition["moves"] =>
  Object.fromEntries(states.map((state) => [state, to]));

/** `See change_pte_range() in mm/mprotect.c (as of Linux v6.12)` */
export const see = (name: string, file: string, release = "6.12"): string =>
  `See ${name} in ${file} (as of Linux v${release})`;

/** Everything that is not present and not none. */
export const NOT_PRESENT: readonly State[] = [
  "swap",
  "swap-wp",
  "migration",
  "migration-wp",
  "device",
  "device-wp",
  "special",
  "poisoned",
  "guard",
  "hwpoison",
  "empty",
];

/** Every state. */
export const ANY: readonly State[] = ["none", "present", "present-wp", ...NOT_PRESENT];

/**
 * A page fault; a system call's goes the same way, and what would be a signal is EFAULT. So does one that pins the page, and
 * pins it for writing.
 */
export function forKernelToo(row: Transition): Transition[] {
  if (row.event === "read") return [row, { ...row, event: "kernel-read" }];
  if (row.event !== "write") return [row];
  const pinned: Transition[] =
    row.vma === undefined || row.vma.includes("anonymous")
      ? [{ ...row, event: "pin", vma: ["anonymous"] }]
      : [];
  return [row, { ...row, event: "kernel-write" }, ...pinned];
}

/** Kinds of memory whose pages belong to a file. */
export const OF_FILES: readonly VmaKind[] = ["shmem", "file", "hugetlb"];
