// What is needed while one process is scanned.
import type { EntryRun } from "@ptekit/core";
import type { AreaFinder } from "./areas.ts";
import type { Suspicion, SuspicionKind } from "./interface.ts";
import type { Machine } from "./machine.ts";
import type { Tally } from "./tally.ts";

export interface Scene {
  readonly machine: Machine;
  /** Whose tables they are, in words. */
  readonly who: string;
  /** Whether this address space was scanned before: its swap slots are counted already. */
  readonly isAgain: boolean;
  readonly tally: Tally;
  readonly areaOf: AreaFinder;
  suspect(kind: SuspicionKind, at: Omit<Suspicion, "kind" | "bits">): void;
}

/** Tells of a table that another process has, too. */
export function ownTable({ machine, who, suspect }: Scene, { at, address }: EntryRun): void {
  const owner = machine.tables.get(at);
  if (owner === undefined) machine.tables.set(at, who);
  else if (owner !== who)
    suspect("shared-table", {
      address,
      level: "pte",
      entry: null,
      sentence: `the table at 0x${at.toString(16)} is also one of ${owner}`,
    });
}

export function countSpecial(tally: Tally, kind: string): void {
  if (kind === "migration") tally.migration++;
  else if (kind === "hwpoison") tally.hwpoison++;
  else if (kind === "device-private") tally.devicePrivate++;
  else if (kind === "device-exclusive") tally.deviceExclusive++;
  else if (kind === "swapin-error") tally.swapinError++;
}
