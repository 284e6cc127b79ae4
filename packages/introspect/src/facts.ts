// What the kernel's symbols and numbers tell of its configuration, each with its evidence.
import type { Vmcoreinfo } from "./vmcoreinfo.ts";

/** Something that a dump tells of its kernel. */
export interface Fact {
  /** A Kconfig symbol, or the name of a CPU feature. */
  readonly name: string;
  readonly value: "y" | "n" | number;
  /** What tells it. */
  readonly evidence: string;
}

/** A Kconfig symbol, and functions that are compiled exactly where it is set. One of them is enough. */
interface Rule {
  readonly config: string;
  readonly functions: readonly string[];
  readonly citation: string;
}

/** Static functions and those that are inlined would tell nothing; these are called from other files. */
const RULES: readonly Rule[] = [
  {
    config: "CONFIG_MIGRATION",
    functions: ["migrate_pages"],
    citation: "mm/Makefile: obj-$(CONFIG_MIGRATION) += migrate.o (as of Linux v6.12)",
  },
  {
    config: "CONFIG_MEMORY_FAILURE",
    functions: ["memory_failure"],
    citation: "mm/Makefile: obj-$(CONFIG_MEMORY_FAILURE) += memory-failure.o (as of Linux v6.12)",
  },
  {
    config: "CONFIG_DEVICE_PRIVATE",
    // Its older name; 6.15 made one of the range's function.
    functions: ["make_device_exclusive", "make_device_exclusive_range"],
    citation: "mm/rmap.c: #ifdef CONFIG_DEVICE_PRIVATE (as of Linux v6.12)",
  },
  {
    config: "CONFIG_TRANSPARENT_HUGEPAGE",
    functions: ["do_huge_pmd_anonymous_page"],
    citation: "mm/Makefile: obj-$(CONFIG_TRANSPARENT_HUGEPAGE) += huge_memory.o (as of Linux v6.12)",
  },
];

/** Every symbol that a rule looks for. */
export const FACT_SYMBOLS: readonly string[] = RULES.flatMap(({ functions }) => functions);

/** Facts from the kernel's symbols; none where there are no symbols. */
export function factsOf(vmcoreinfo: Vmcoreinfo | null, symbols: ReadonlySet<string> | null): readonly Fact[] {
  const facts = symbols === null ? [] : RULES.map((rule) => byFunctions(rule, symbols));
  const poison = vmcoreinfo?.number("PG_hwpoison") ?? null;
  if (poison === null || facts.some(({ name }) => name === "CONFIG_MEMORY_FAILURE")) return facts;
  return [
    ...facts,
    { name: "CONFIG_MEMORY_FAILURE", value: "y", evidence: "VMCOREINFO has NUMBER(PG_hwpoison)" },
  ];
}

function byFunctions({ config, functions, citation }: Rule, symbols: ReadonlySet<string>): Fact {
  const found = functions.find((name) => symbols.has(name));
  return found !== undefined
    ? { name: config, value: "y", evidence: `kallsyms has ${found}; ${citation}` }
    : { name: config, value: "n", evidence: `kallsyms has no ${functions[0]}; ${citation}` };
}
