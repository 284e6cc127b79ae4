// What a guest said of its processes, and whether its dump says the same.
import type { ArchBackend, Decoded } from "@ptekit/core";
import { entries } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Kernel } from "../src/index.ts";

/** What one process said: its areas, and pagemap's words of its pages; a page that is not named has 0. */
export interface SaidProcess {
  readonly pid: number;
  readonly comm: string;
  readonly areas: readonly { readonly start: bigint; readonly end: bigint; readonly perms: string }[];
  readonly pages: ReadonlyMap<bigint, bigint>;
}

/** The lines `@process`, `@vma` and `@pages` of a guest's console. */
export function parseTruth(text: string, pageSize: number): Map<number, SaidProcess> {
  const processes = new Map<
    number,
    { pid: number; comm: string; areas: SaidProcess["areas"][number][]; pages: Map<bigint, bigint> }
  >();
  for (const line of text.replaceAll("\r", "").split("\n")) {
    const [, mark, number, rest = ""] = /^@(process|vma|pages) (\d+) (.*)$/.exec(line) ?? [];
    if (mark === undefined) continue;
    const pid = Number(number);
    if (mark === "process") {
      processes.set(pid, { pid, comm: rest, areas: [], pages: new Map() });
      continue;
    }
    const said = processes.get(pid);
    if (said === undefined) throw new Error(`a line of process ${pid}, which was not named`);
    if (mark === "vma") {
      const [, start, end, perms] = /^([0-9a-f]+)-([0-9a-f]+) (\S{4})/.exec(rest) ?? [];
      // The vsyscall page is no area: /proc adds it for show.
      if (!rest.endsWith("[vsyscall]"))
        said.areas.push({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), perms: perms as string });
      continue;
    }
    const [first, ...words] = rest.split(" ");
    for (const [i, word] of words.entries())
      said.pages.set(BigInt(`0x${first}`) + BigInt(i * pageSize), BigInt(`0x${word}`));
  }
  return processes;
}

const PRESENT = 1n << 63n;
const SWAPPED = 1n << 62n;
const FRAME = (1n << 55n) - 1n;
const UFFD_WP = 1n << 57n;
/** Of include/linux/mm.h. */
const VM_PFNMAP = 0x400n;

/** What was compared, and the sentences of what differs. */
export interface Comparison {
  processes: number;
  areas: number;
  pages: number;
  differences: string[];
}

export function compare(
  kernel: Kernel,
  memory: PhysicalMemory,
  truth: ReadonlyMap<number, SaidProcess>,
): Comparison {
  const result: Comparison = { processes: 0, areas: 0, pages: 0, differences: [] };
  const differ = (sentence: string): void => {
    result.differences.push(sentence);
  };
  // Since 5.14, commit fb8e37f35a2f ("mm/pagemap: export uffd-wp protection information").
  const saysUffdWp = !/^5\.10\./.test(kernel.release);
  const user = new Set([...truth.values()].filter(({ areas }) => areas.length > 0).map(({ pid }) => pid));
  for (const { pid, comm, space } of kernel.processes()) {
    const said = pid === null ? undefined : truth.get(pid);
    if (said === undefined || said.comm !== comm) {
      differ(`process ${pid} ${comm} is not what the guest named: ${said?.comm}`);
      continue;
    }
    user.delete(said.pid);
    result.processes++;
    if (typeof space === "string" || space.root === null) {
      differ(`process ${pid}: ${typeof space === "string" ? space : "no root"}`);
      continue;
    }
    const found = space.vmas.map(
      ({ start, end, flags }) => `${start.toString(16)}-${end.toString(16)} ${permsOf(flags)}`,
    );
    const wanted = said.areas.map(
      ({ start, end, perms }) => `${start.toString(16)}-${end.toString(16)} ${perms}`,
    );
    result.areas += found.length;
    if (found.join() !== wanted.join())
      differ(`process ${pid}: areas differ: ${found.length} ${wanted.length}`);
    const pages = pagesOf(kernel, memory, space.root);
    for (const problem of pages.problems) differ(`process ${pid}: ${problem}`);
    for (const [address, word] of pages.words) {
      const area = space.vmas.find(({ start, end }) => address >= start && address < end);
      if (area === undefined) differ(`process ${pid}: an entry at ${address.toString(16)} in no area`);
      // Of what is no memory, the kernel's pagemap says nothing.
      if (area !== undefined && (area.flags & VM_PFNMAP) !== 0n) continue;
      const other = said.pages.get(address) ?? 0n;
      result.pages++;
      const problem = wrong(word, other, saysUffdWp);
      if (problem !== null)
        differ(`process ${pid}, 0x${address.toString(16)}: ${problem}; pagemap ${other.toString(16)}`);
    }
    for (const [address, word] of said.pages)
      if (!pages.words.has(address) && (word & (PRESENT | SWAPPED)) !== 0n)
        differ(`process ${pid}, 0x${address.toString(16)}: not found, pagemap ${word.toString(16)}`);
  }
  for (const pid of user) differ(`process ${pid} was not found`);
  return result;
}

const permsOf = (flags: bigint): string =>
  [
    [1n, "r"],
    [2n, "w"],
    [4n, "x"],
  ]
    .map(([bit, letter]) => ((flags & (bit as bigint)) !== 0n ? letter : "-"))
    .join("") + ((flags & 0x80n) !== 0n ? "s" : "p");

interface Word {
  readonly decoded: Decoded;
  /** The page frame of this very page, where the entry spans several. */
  readonly pfn: bigint | null;
  readonly level: string;
}

/** What every page of an address space is, by its entry; a huge page once for each of its pages. */
function pagesOf(
  kernel: Kernel,
  memory: PhysicalMemory,
  root: bigint,
): { words: Map<bigint, Word>; problems: string[] } {
  const words = new Map<bigint, Word>();
  const problems: string[] = [];
  const { backend, pageSize, smeMask } = kernel;
  const read = (address: bigint, into: Uint8Array): string => memory.read(address, into);
  for (const part of entries(backend, root, read, { smeMask })) {
    if (part.kind === "problem") {
      problems.push(part.sentence);
      continue;
    }
    const at: ArchBackend | null =
      part.level === "pte" ? backend : part.level === "pmd" ? backend.at("pmd") : null;
    const bytes = part.bytes.length / part.count;
    for (const run of part.runs)
      for (let i = 0; i < run.count; i++) {
        const word = (at ?? backend).fromBytes(
          part.bytes.subarray((run.first + i) * bytes, (run.first + i + 1) * bytes),
        );
        const decoded = (at ?? backend).decode(word);
        if (decoded.kind === "none") continue;
        const start = run.address + BigInt(i) * part.span;
        const pages = Number(part.span / BigInt(pageSize));
        for (let page = 0; page < pages; page++) {
          const pfn = "pfn" in decoded && decoded.pfn != null ? decoded.pfn + BigInt(page) : null;
          words.set(start + BigInt(page * pageSize), { decoded, pfn, level: part.level });
        }
      }
  }
  return { words, problems };
}

/** What pagemap contradicts. It cannot tell markers apart, nor what is exclusive. */
function wrong({ decoded, pfn, level }: Word, said: bigint, saysUffdWp: boolean): string | null {
  const present = (said & PRESENT) !== 0n;
  const swapped = (said & SWAPPED) !== 0n;
  if (decoded.kind === "present") {
    if (!present) return `present at ${level}`;
    return pfn !== null && (said & FRAME) !== 0n && (said & FRAME) !== pfn ? `PFN ${pfn} at ${level}` : null;
  }
  if (present) return `${decoded.kind} at ${level}`;
  if (decoded.kind === "marker" || decoded.kind === "swapin-error") return null;
  if (!swapped) return decoded.kind;
  const { type, offset } = decoded as { type: number; offset: bigint };
  if ((said & 31n) !== BigInt(type) || (said & FRAME) >> 5n !== (offset & (FRAME >> 5n)))
    return `type ${type}, offset ${offset}`;
  const uffdWp = (said & UFFD_WP) !== 0n;
  return saysUffdWp && "uffdWp" in decoded && decoded.uffdWp !== uffdWp ? `uffd-wp ${decoded.uffdWp}` : null;
}
