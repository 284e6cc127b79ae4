// What the guest's program printed.

/** A page of the program's, and what the guest's kernel said of it. */
export interface Page {
  readonly region: string;
  readonly vaddr: bigint;
  readonly pagemap: bigint;
}

/** The program's lines. */
export interface Said {
  readonly release: string;
  readonly pages: readonly Page[];
  /** The addresses of the kernel's that it was asked for, by name. */
  readonly symbols: ReadonlyMap<string, bigint>;
  /** What this kernel does not offer, with the reason. */
  readonly skipped: readonly string[];
}

/** How the program ended, where its text says so: `done`, or why it stopped. Lines end as a serial console ends them. */
export function endIn(text: string): string | undefined {
  if (/^@done\r?$/m.test(text)) return "done";
  return /^@fail ([^\r\n]*)\r?\n/m.exec(text)?.[1];
}

/**
 * Whether the program's pages in a region are its alone, by what it did there: a child has those of the forked one too.
 * No page is that KSM keeps once for several. Undefined where it is neither, as for the program's own file.
 */
export function isExclusive(region: string): boolean | undefined {
  if (region === "fork_shared_swap" || region === "ksm_swapped") return false;
  return /^(vma:|shmem|uffd_shmem|guard_forked)/.test(region) ? undefined : true;
}

/** What the program printed; other lines are the kernel's. Throws a sentence where it named no release. */
export function parseConsole(text: string): Said {
  const lines = text.replaceAll("\r", "").split("\n");
  const after = (mark: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(mark.length + 1)] : []));
  const pages = after("@row").map((line) => {
    const [region = "", vaddr = "", pagemap = ""] = line.split(" ");
    return { region, vaddr: BigInt(vaddr), pagemap: BigInt(pagemap) };
  });
  const [release] = after("@release");
  if (release === undefined) throw new Error("the guest did not name its release");
  const symbols = after("@symbol").map((line): [string, bigint] => {
    const [name = "", address = ""] = line.split(" ");
    return [name, BigInt(address)];
  });
  return { release, pages, symbols: new Map(symbols), skipped: after("@skip") };
}
