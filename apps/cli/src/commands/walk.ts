import type { ArchBackend, TreeOptions, Walk, WalkStep } from "@ptekit/core";
import {
  hex,
  longBitsOf,
  mapsKernel,
  meaningOf,
  rootInRegister,
  shortHex,
  walk as walkTables,
} from "@ptekit/core";
import { archOf } from "../arch.ts";
import type { Command, Given } from "../command.ts";
import { NoError, UsageError } from "../errors.ts";
import { walkJson } from "../json/walk.ts";
import type { Memory } from "../memory.ts";
import { openMemory } from "../memory.ts";
import { readNumber, readSmall, readWord } from "../numbers.ts";
import type { Colors } from "../output.ts";
import { backendAt, backendOf, JSON_OPTION, TARGET_OPTIONS } from "../target.ts";
import { wordText } from "../words.ts";

export const walk: Command = {
  name: "walk",
  summary: "go from the root of a page table to an address's entry",
  description: [
    "The file is physical memory: a dump (ELF, kdump, flattened, LiME, AVML), or raw memory from physical address 0 on, or from --ram-base. The root is the physical address of the top table: mm->pgd, or what CR3, TTBR0, satp … hold of it. Addresses are hexadecimal, as kernels print them.",
    "How many levels there are is told by the target: --cpu la57, --cpu lpa2, --cpu sv48, --config CONFIG_ARM64_VA_BITS=39, …; what was assumed because it was not given is named. Where no --cpu is given, and the root leads to the kernel's image (x86_64, riscv) by the levels of another CPU alone, it is taken to be that one. --levels takes the lower ones of deeper tables.",
    "Exit status 1: the way ended before an entry that says something of the page: the tables do not translate such an address, an entry is bad, memory is not in the file, or a table leads back to itself.",
  ],
  arguments: [
    { name: "ADDRESS", required: true, help: "the virtual address" },
    { name: "MEMORY-FILE", required: true, help: "the file, or - for standard input" },
  ],
  options: [
    ...TARGET_OPTIONS,
    { name: "root", value: "X", help: "physical address of the top table, hexadecimal" },
    {
      name: "register",
      value: "X",
      help: "instead of --root: what the register holds that leads there (CR3, TTBR0, satp, …), hexadecimal",
    },
    { name: "ram-base", value: "X", help: "the file is raw memory, and begins at this physical address" },
    { name: "levels", value: "N", help: "how many levels there are, if not as many as the target has" },
    { name: "sme-mask", value: "N", help: "the bits of an entry that encrypt: sme_mask of VMCOREINFO" },
    {
      name: "linear",
      value: "N",
      help: "where tables are named by the kernel's virtual addresses: what to take from one for the physical address",
    },
    JSON_OPTION,
  ],
  examples: [
    {
      line: "ptekit walk --arch m68k --kernel 6.12 --root 0 0x1000 -",
      shows: "text is no table: exit status 1",
      stdin: "ptekit! ptekit! ",
      exit: 1,
    },
  ],
  async run(given, out) {
    const [address = "", file = ""] = given.args;
    const stated = await backendOf(given);
    const wanted = readWord(address);
    const root = rootOf(stated, given);
    const memory = await openMemory(file, numberOf(given, "ram-base"));
    try {
      const backend = await backendThatFits(stated, root, memory, given);
      const found = walkTables(backend, root, wanted, memory.read, optionsOf(given));
      const said = { ...found, assumed: [...found.assumed, ...memory.assumed] };
      if (given.has("json")) out.json(walkJson(backend, said));
      else for (const line of walkText(backend, said, out.colors)) out.line(line);
      return ["present", "not-present", "none"].includes(found.end) ? 0 : 1;
    } finally {
      memory.close();
    }
  },
};

function rootOf(backend: ArchBackend, given: Given): bigint {
  const root = given.text("root");
  const register = given.text("register");
  if ((root === undefined) === (register === undefined)) {
    throw new UsageError("walk from where? Give --root X, or --register X");
  }
  if (root !== undefined) return readWord(root);
  const address = backend.geometry && rootInRegister(backend.geometry, readWord(register ?? ""));
  if (address === null)
    throw new NoError(`${backend.layout.id}: no register is known to hold a root; give --root X`);
  return address;
}

/**
 * The backend as it was asked for; where no CPU feature and no number of levels was, and the root does not lead to the
 * kernel's image by its levels, the one of a CPU feature by whose levels it does.
 */
async function backendThatFits(
  stated: ArchBackend,
  root: bigint,
  { read }: Memory,
  given: Given,
): Promise<ArchBackend> {
  if (given.list("cpu").length > 0 || given.text("levels") !== undefined) return stated;
  if (stated.geometry === null || mapsKernel(stated, root, read) !== false) return stated;
  const arch = await archOf(given.text("arch") ?? stated.arch);
  const others = (arch.cpus ?? [])
    .filter(({ levels }) => levels !== undefined)
    .map(({ name }) => backendAt(arch, stated.kernel.release, withCpu(given, name)))
    .filter((other) => mapsKernel(other, root, read) === true);
  return others.length === 1 ? (others[0] as ArchBackend) : stated;
}

const withCpu = (given: Given, cpu: string): Given => ({
  ...given,
  list: (name) => (name === "cpu" ? [cpu] : given.list(name)),
});

function numberOf(given: Given, name: string): bigint | undefined {
  const text = given.text(name);
  return text === undefined ? undefined : readNumber(text, `--${name}`);
}

function optionsOf(given: Given): TreeOptions {
  const levels = given.text("levels");
  const smeMask = numberOf(given, "sme-mask");
  const linear = numberOf(given, "linear");
  return {
    ...(levels === undefined ? {} : { levels: readSmall(levels, "--levels") }),
    ...(smeMask === undefined ? {} : { smeMask }),
    ...(linear === undefined ? {} : { linear }),
  };
}

function walkText(backend: ArchBackend, found: Walk, colors: Colors): string[] {
  const { address, root, path, sentence, physical, assumed } = found;
  const last = path.at(-1)?.decoded;
  return [
    `${colors.bold(hex(address, longBitsOf(backend.layout)))} from the root at ${shortHex(root)}`,
    ...path.map((step) => `  ${stepText(backend, step)}`),
    colors.green(sentence),
    ...(physical === null ? [] : [`physical address ${shortHex(physical)}`]),
    ...(last ? ["", ...wordText(backend, last, colors)] : []),
    ...(assumed.length > 0 ? ["", ...assumed.map((text) => colors.yellow(`assumed: ${text}`))] : []),
  ];
}

/** `pgd=p4d 0x2a61000[254] 0x000000000318f067 table` */
function stepText(
  backend: ArchBackend,
  { level, folded, table, index, entry, kind, decoded }: WalkStep,
): string {
  const said = decoded ? meaningOf(backend, decoded) : kind;
  const names = [level, ...folded].join("=");
  return `${names.padEnd(11)} ${shortHex(table)}[${index}]  ${hex(entry, backend.layout.pteBits)}  ${said}`;
}
