// A guest that takes one page after the other through sequences of events, and the page's entry after each of them.
import type { Architecture } from "@ptekit/core";
import { emptyPte } from "@ptekit/core";
import type { Page } from "./console.ts";
import type { MemoryRange } from "./form.ts";
import { openMemory } from "./memory.ts";
import type { Tables } from "./tables.ts";
import { findTables } from "./tables.ts";

/** What the guest is asked to do with one page. */
export interface Sequence {
  readonly vma: string;
  readonly features: readonly string[];
  readonly events: readonly string[];
  /** Why it is there. */
  readonly why?: string;
}

/** What came of one event. */
export interface Taken {
  readonly event: string;
  /** What user space saw; or `not done: ` and why. */
  readonly saw: string;
  readonly pte: bigint;
  readonly level: string;
  readonly pagemap: bigint;
  /** The categories of PAGEMAP_SCAN, where there is one. */
  readonly scan?: bigint;
}

/** What a whole guest went through. */
export interface Lived {
  readonly release: string;
  readonly tables: Tables;
  /** By sequence. */
  readonly steps: readonly (readonly Taken[])[];
  /** The categories that PAGEMAP_SCAN was asked for. */
  readonly categories: bigint;
  /** What a sequence needed that the kernel lacks, by sequence. */
  readonly lacking: ReadonlyMap<number, string>;
}

/** The text of /sequences. */
export const sequencesText = (sequences: readonly Sequence[]): string =>
  sequences
    .map(({ vma, features, events }, i) => `${i} ${vma} ${features.join(",") || "-"} ${events.join(" ")}\n`)
    .join("");

interface Machine {
  readonly arch: Architecture;
  readonly config: string;
  readonly features: readonly (readonly string[])[];
  readonly ram: string;
  readonly ranges: readonly MemoryRange[];
}

/** Follows the program's lines while the guest runs: reads the entry whenever the program waits. */
export function follower({ arch, config, features, ram, ranges }: Machine): {
  onLine(line: string): string | undefined;
  lived(): Lived;
} {
  let memory: ReturnType<typeof openMemory> | undefined;
  let release = "";
  let known: Page[] = [];
  let tables: Tables | undefined;
  // A forked child is followed to the end of its sequence; then the parent goes on.
  let first: Tables | undefined;
  let categories = 0n;
  let current: Taken[] = [];
  const steps: Taken[][] = [];
  const lacking = new Map<number, string>();

  const onLine = (line: string): string | undefined => {
    const [mark, ...words] = line.split(" ");
    switch (mark) {
      case "@release":
        release = words.join(" ");
        return undefined;
      case "@known":
        known.push({ region: "known", vaddr: BigInt(words[0] ?? ""), pagemap: BigInt(words[1] ?? "") });
        return undefined;
      case "@root":
        memory ??= openMemory(ram, ranges);
        tables = findTables(arch, { release, config, features }, memory, known);
        first ??= tables;
        known = [];
        return "\n";
      case "@sequence":
        tables = first;
        current = [];
        steps[Number(words[0])] = current;
        return undefined;
      case "@lacks":
        lacking.set(steps.length - 1, words.join(" "));
        return undefined;
      case "@step": {
        if (tables === undefined) throw new Error("the guest took a step before its tables were found");
        const [event = "", vaddr = "", pagemap = "", scan = "-", ...saw] = words;
        current.push({
          event,
          saw: saw.join(" "),
          ...entryAt(tables, BigInt(vaddr)),
          pagemap: BigInt(pagemap),
          ...(scan === "-" ? {} : { scan: BigInt(scan) }),
        });
        return "\n";
      }
      case "@categories":
        categories = BigInt(words[0] ?? "");
        return undefined;
      case "@done":
        memory?.close();
        return undefined;
      default:
        return undefined;
    }
  };
  const lived = (): Lived => {
    if (first === undefined) throw new Error("the guest did not name its pages");
    return { release, tables: first, steps, categories, lacking };
  };
  return { onLine, lived };
}

/** The entry of a page; under a table that is not there it is as empty as can be. */
function entryAt({ backend, walk }: Tables, vaddr: bigint): { pte: bigint; level: string } {
  const { path, end } = walk(vaddr);
  const last = path.at(-1);
  const level = last?.folded.at(-1) ?? last?.level ?? "pte";
  if (last === undefined || end === "outside" || end === "unreadable" || end === "cycle")
    throw new Error(`0x${vaddr.toString(16)}: the walk ends ${end}`);
  if (level === "pte" || end === "present" || end === "not-present") return { pte: last.entry, level };
  return { pte: emptyPte(backend.layout), level: "pte" };
}
