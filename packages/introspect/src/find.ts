// Which kernel this is, and where its own tables are.
import { canonical, elfMachines, load, loadAll } from "@ptekit/all";
import type { ArchBackend, Architecture, VmcoreData } from "@ptekit/core";
import { longBitsOf, PtekitError } from "@ptekit/core";
import type { Fact } from "./facts.ts";
import type { How, KernelDump, KernelOptions } from "./interface.ts";
import { because } from "./mm/tasks.ts";
import type { FoundRoots } from "./roots/interface.ts";
import type { tablesOnly as TablesOnly } from "./roots/tables-only.ts";
import { type KernelTarget, targetOf } from "./target.ts";
import { hex } from "./text.ts";
import { translateBy } from "./translate.ts";
import { type KernelMemory, kernelMemory } from "./virtual.ts";
import { findVmcoreinfo, parseVmcoreinfo, type Vmcoreinfo } from "./vmcoreinfo.ts";

/** A kernel whose own tables were found, and lead where VMCOREINFO says. */
export interface FoundKernel {
  readonly arch: Architecture;
  readonly vmcoreinfo: Vmcoreinfo;
  /** Where the image begins: _stext, where that is known. */
  readonly image: bigint;
  /** Whether VMCOREINFO was rebuilt: what it says was found by search. */
  readonly rebuilt: boolean;
  readonly memory: KernelMemory;
  /** Null where no kernel was found, but page tables. */
  readonly root: bigint | null;
  /** Bits of an entry that encrypt memory; 0 where there are none. */
  readonly smeMask: bigint;
  readonly target: KernelTarget;
  readonly backend: ArchBackend;
  readonly facts: readonly Fact[];
  readonly how: { readonly vmcoreinfo: How; readonly arch: How };
  /** Where page tables alone were found: them, and in a sentence as what they are read. */
  readonly alone?: { readonly roots: FoundRoots; readonly sentence: string };
}

/**
 * The kernel that a dump is of.
 *
 * @throws PtekitError `NO_VMCOREINFO`, `NO_KERNEL`, `UNKNOWN_ARCH`, and what `Architecture.for` throws for its release.
 */
export async function findKernel(dump: KernelDump, options: KernelOptions): Promise<FoundKernel> {
  const { archs, how } = await candidates(dump, options);
  const reasons: string[] = [];
  for (const text of texts(dump, options)) {
    const vmcoreinfo = parseVmcoreinfo(text.text);
    // Of many that were tried, what is not described at all tells nothing.
    for (const arch of archs.length > 1 ? archs.filter(({ vmcore }) => vmcore !== undefined) : archs) {
      const found = kernelBy(dump, vmcoreinfo, arch);
      if (typeof found !== "string")
        return { ...found, rebuilt: false, how: { vmcoreinfo: text.how, arch: how } };
      reasons.push(`as ${arch.name}, ${found}`);
    }
  }
  // A text that was given is meant. What is needed of few dumps is loaded for those.
  const { rebuiltFrom, tablesOnly } = await import("./rebuild/search.ts");
  if (options.vmcoreinfo === undefined)
    for (const { arch, how: from, text, ...settled } of rebuiltFrom(dump, archs)) {
      const found = settledKernel(dump, parseVmcoreinfo(text), arch, settled);
      if (typeof found !== "string")
        return {
          ...found,
          rebuilt: true,
          how: { vmcoreinfo: from, arch: archs.length > 1 ? "its page tables" : how },
        };
    }
  if (options.vmcoreinfo === undefined || options.release !== undefined) {
    const tables = aloneIn(tablesOnly, dump, archs, how, options.release);
    if (tables !== null) return tables;
  }
  if (reasons.length > 0)
    throw new PtekitError(
      "NO_KERNEL",
      `no kernel is where VMCOREINFO says: ${reasons.slice(0, 4).join("; ")}`,
    );
  throw new PtekitError(
    "NO_VMCOREINFO",
    "the dump has no VMCOREINFO note, no page of it begins as one, and no kallsyms or banner of a kernel whose tables lead to it is in its memory; with `release` its page tables can be looked for",
  );
}

/** What is known where page tables alone are found. */
function aloneIn(
  tablesOnly: typeof TablesOnly,
  dump: KernelDump,
  archs: readonly Architecture[],
  how: How,
  release: string | undefined,
): FoundKernel | null {
  const said = [
    { release, from: "it was said" },
    {
      release: dump.vmcoreinfo === null ? null : parseVmcoreinfo(dump.vmcoreinfo).release,
      from: "VMCOREINFO says",
    },
  ];
  const found = tablesOnly(dump, archs, said);
  if (found === null) return null;
  const { arch, target, facts, memory, roots, releaseFrom } = found;
  const backend = arch.for(target);
  return {
    arch,
    vmcoreinfo: parseVmcoreinfo(`OSRELEASE=${target.release}\nPAGESIZE=${2 ** backend.kernel.pageShift}\n`),
    image: 0n,
    rebuilt: true,
    memory,
    root: roots.kernel,
    smeMask: 0n,
    target,
    backend,
    facts,
    how: { vmcoreinfo: "none", arch: archs.length > 1 ? "its page tables" : how },
    alone: {
      roots,
      sentence: `no kernel was found in the dump, but page tables: they are read as those of ${target.release}, as ${releaseFrom}`,
    },
  };
}

/** VMCOREINFO texts, the likeliest first. Memory is searched only where those before it led to no kernel. */
function* texts(
  { memory, vmcoreinfo }: KernelDump,
  options: KernelOptions,
): Generator<{ readonly text: string; readonly how: How }, void, undefined> {
  if (options.vmcoreinfo !== undefined) {
    yield { text: options.vmcoreinfo, how: "given" };
    return;
  }
  if (vmcoreinfo !== null) yield { text: vmcoreinfo, how: "the dump's note" };
  for (const { address, text } of findVmcoreinfo(memory)) {
    if (text !== vmcoreinfo) yield { text, how: `found in memory at 0x${address.toString(16)}` };
  }
}

async function candidates(
  { utsname, elfMachine }: KernelDump,
  { arch }: KernelOptions,
): Promise<{ readonly archs: readonly Architecture[]; readonly how: How }> {
  if (arch !== undefined)
    return { archs: [typeof arch === "string" ? await load(arch) : arch], how: "given" };
  const machine = utsname === null ? null : known(utsname.machine);
  if (machine !== null) return { archs: [await load(machine)], how: "the dump's utsname" };
  if (elfMachine === null) return { archs: await loadAll(), how: "its VMCOREINFO" };
  const names = elfMachines[elfMachine] ?? [];
  if (names.length === 0)
    throw new PtekitError(
      "UNKNOWN_ARCH",
      `the dump is of ELF machine ${elfMachine}, whose kernels are not read from dumps here`,
    );
  return { archs: await Promise.all(names.map(load)), how: "the ELF header" };
}

function known(name: string): string | null {
  try {
    return canonical(name);
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
}

type Settled = Pick<FoundKernel, "target" | "facts" | "image">;

/** The kernel of a VMCOREINFO on an architecture, or a sentence that says why it is none. */
function kernelBy(
  dump: KernelDump,
  vmcoreinfo: Vmcoreinfo,
  arch: Architecture,
): Omit<FoundKernel, "how" | "rebuilt"> | string {
  const data = arch.vmcore;
  if (data === undefined) return "how its kernel lies in memory is not described";
  const image = vmcoreinfo.symbol("_stext");
  if (vmcoreinfo.release === null || image === null || vmcoreinfo.symbol("swapper_pg_dir") === null)
    return "VMCOREINFO lacks OSRELEASE, SYMBOL(_stext) or SYMBOL(swapper_pg_dir)";
  const settled = { image, ...targetOf(arch, data, vmcoreinfo, vmcoreinfo.release) };
  return settledKernel(dump, vmcoreinfo, arch, settled);
}

/** The same of a target that is settled. */
function settledKernel(
  { memory }: KernelDump,
  vmcoreinfo: Vmcoreinfo,
  arch: Architecture,
  { target, facts, image }: Settled,
): Omit<FoundKernel, "how" | "rebuilt"> | string {
  const { pageSize } = vmcoreinfo;
  const data = arch.vmcore as VmcoreData;
  const physical = imageToPhysical(data.image, vmcoreinfo);
  if (physical === null) return "VMCOREINFO lacks the NUMBER by which the image is found";
  const backend = arch.for(target);
  const { byteOrder, pageShift } = backend.kernel;
  if (pageSize !== null && 2 ** pageShift !== pageSize) return `it has no pages of ${pageSize} bytes`;
  const root = physical(vmcoreinfo.symbol("swapper_pg_dir") as bigint);
  const smeMask = data.encryption === undefined ? 0n : (vmcoreinfo.number(data.encryption) ?? 0n);
  const translate = translateBy(memory, backend, root, smeMask);
  const outcome = memory.read(root, new Uint8Array(8));
  if (outcome !== "read") return `its top table, at ${hex(root)}, is ${because(outcome)}`;
  if (translate(image)?.physical !== physical(image)) return "swapper_pg_dir does not lead to _stext";
  const shape = { bits: longBitsOf(backend.layout), little: byteOrder === "little", pageShift };
  return {
    arch,
    vmcoreinfo,
    image,
    root,
    smeMask,
    target,
    backend,
    facts,
    memory: kernelMemory(memory, translate, shape),
  };
}

/** Physical addresses of what is in the kernel's image, modulo 2^64 as the kernel's own arithmetic. */
function imageToPhysical(
  { minus, plus }: VmcoreData["image"],
  { number }: Vmcoreinfo,
): ((address: bigint) => bigint) | null {
  const from = typeof minus === "bigint" ? minus : number(minus);
  const to = plus === undefined ? 0n : number(plus);
  return from === null || to === null ? null : (address) => BigInt.asUintN(64, address - from + to);
}
