// Migration entries of a running kernel: a breakpoint where it turns them back, and what stands in the tables then.
import type { Architecture } from "@ptekit/core";
import type { Page, Said } from "./console.ts";
import { parseConsole } from "./console.ts";
import type { MemoryRange } from "./form.ts";
import type { Gdb } from "./gdb.ts";
import { connectGdb } from "./gdb.ts";
import { openMemory } from "./memory.ts";
import type { Tables } from "./tables.ts";
import { findTables } from "./tables.ts";

/** A row of a file of migration entries: words in hexadecimal. */
export interface Caught {
  readonly vaddr: string;
  readonly region: string;
  readonly pte: string;
  /** The word that stood there before. */
  readonly pteBefore: string;
  /** What pagemap had said of it. */
  readonly pagemapBefore: string;
}

/** A page's entry: where it stands, and its words. */
export interface Watched {
  readonly page: Page;
  read(): bigint;
}

interface Watch {
  readonly gdb: Gdb;
  /** The address of remove_migration_pte(). */
  readonly at: bigint;
  readonly watched: readonly Watched[];
  /** Whether a word is present, and so no entry that was caught. */
  isPresent(word: bigint): boolean;
  readonly milliseconds: number;
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/**
 * The entries that were seen while the kernel moved pages, each place once, with the word before. A page that was moved
 * unseen is left out: pagemap spoke of another frame. The machine is stopped before, and after.
 */
export async function watch({ gdb, at, watched, isPresent, milliseconds }: Watch): Promise<Caught[]> {
  const open = new Map(watched.map((entry) => [entry, entry.read()]));
  const caught: Caught[] = [];
  const until = Date.now() + milliseconds;
  await gdb.breakpoint(true, at);
  while (open.size > 0 && Date.now() < until) {
    if (!(await gdb.run("c", until - Date.now()))) break;
    for (const [entry, before] of open) {
      const word = entry.read();
      if (word === before) continue;
      open.delete(entry);
      const { vaddr, region, pagemap } = entry.page;
      if (!isPresent(word))
        caught.push({
          vaddr: hex(vaddr),
          region,
          pte: hex(word),
          pteBefore: hex(before),
          pagemapBefore: hex(pagemap),
        });
    }
    // With the breakpoint in place it would stop here for ever.
    await gdb.breakpoint(false, at);
    await gdb.run("s", 1000);
    await gdb.breakpoint(true, at);
  }
  await gdb.breakpoint(false, at);
  return caught;
}

/** The entries of some pages in memory that goes on changing. */
const watchedIn = (pages: readonly Page[], { walk }: Tables): Watched[] =>
  pages.map((page) => ({ page, read: () => walk(page.vaddr).path.at(-1)?.entry ?? 0n }));

interface Guest {
  readonly arch: Architecture;
  readonly config: string;
  readonly features: readonly (readonly string[])[];
  readonly ram: string;
  readonly ranges: readonly MemoryRange[];
  readonly milliseconds: number;
}

/** What was caught of a guest that runs; its text is what it printed. Throws a sentence where its kernel has no such function. */
export async function catchMigrating(
  guest: Guest,
  text: string,
): Promise<{ said: Said; tables: Tables; caught: Caught[] }> {
  const gdb = await connectGdb(gdbSocket(guest.ram));
  const memory = openMemory(guest.ram, guest.ranges);
  try {
    const said = parseConsole(text);
    const at = said.symbols.get("remove_migration_pte");
    if (at === undefined) throw new Error(`the kernel ${said.release} names no remove_migration_pte()`);
    const tables = findTables(guest.arch, { ...guest, release: said.release }, memory, said.pages);
    const pages = said.pages.filter(({ region }) => region === "migrating");
    const caught = await watch({
      gdb,
      at,
      watched: watchedIn(pages, tables),
      isPresent: (word) => tables.backend.decode(word).kind === "present",
      milliseconds: guest.milliseconds,
    });
    return { said, tables, caught };
  } finally {
    memory.close();
    gdb.close();
  }
}

/** Where the stub of a machine with that memory listens. */
export const gdbSocket = (ram: string): string => `${ram}.gdb`;
