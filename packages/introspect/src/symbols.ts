// The kernel's symbols and types, from where VMCOREINFO says, or by search.
import { PtekitError } from "@ptekit/core";
import { findBtf, MOST_BTF } from "./btf/search.ts";
import { readBtf, type Types } from "./btf/types.ts";
import { FACT_SYMBOLS } from "./facts.ts";
import type { FoundKernel } from "./find.ts";
import type { How } from "./interface.ts";
import { findKallsyms } from "./kallsyms/search.ts";
import { type KallsymsPlaces, readKallsyms } from "./kallsyms/table.ts";

/** The only symbols that are looked up. */
const WANTED = ["init_task", "swap_info", "init_uts_ns", "__start_BTF", "__stop_BTF", ...FACT_SYMBOLS];

/** The only structs that are. */
const STRUCTS = [
  "task_struct",
  "mm_struct",
  "vm_area_struct",
  "maple_range_64",
  "maple_arange_64",
  "swap_info_struct",
  "file",
  "dentry",
  "uts_namespace",
  "page",
];

export interface FoundSymbols {
  readonly addresses: ReadonlyMap<string, bigint>;
  readonly how: How;
}

export interface FoundTypes {
  readonly types: Types;
  readonly how: How;
}

/** The wanted symbols; null where kallsyms is not to be had, with the reason among the problems. */
export function findSymbols(
  { vmcoreinfo, memory, image, rebuilt }: FoundKernel,
  problems: string[],
): FoundSymbols | null {
  const known = { name: "_stext", address: image };
  const said = placesOf(vmcoreinfo.symbol);
  if (said !== null) {
    const read = readKallsyms(memory, said, known, WANTED);
    if (typeof read !== "string")
      return { addresses: read.addresses, how: rebuilt ? "a search of memory" : "VMCOREINFO" };
    problems.push(`symbols are not where VMCOREINFO says: ${read}`);
  }
  const places = findKallsyms(memory, image, known);
  const read =
    places === null
      ? "no token table of kallsyms is in its image"
      : readKallsyms(memory, places, known, WANTED);
  if (typeof read !== "string") return { addresses: read.addresses, how: "a search of its image" };
  problems.push(`the kernel's symbols were not found: ${read}`);
  return null;
}

function placesOf(symbol: (name: string) => bigint | null): KallsymsPlaces | null {
  const [numSyms, names, tokenTable, tokenIndex, offsets] = [
    "num_syms",
    "names",
    "token_table",
    "token_index",
    "offsets",
  ].map((name) => symbol(`kallsyms_${name}`));
  if (numSyms == null || names == null || tokenTable == null || tokenIndex == null || offsets == null)
    return null;
  return { numSyms, names, tokenTable, tokenIndex, offsets, relativeBase: symbol("kallsyms_relative_base") };
}

/** The kernel's types; null where they are not to be had, with the reason among the problems. */
export function findTypes(
  { memory, image }: FoundKernel,
  symbols: FoundSymbols | null,
  given: Uint8Array | undefined,
  problems: string[],
): FoundTypes | null {
  const pointerBytes = memory.bits === 64 ? 8 : 4;
  if (given !== undefined) return { types: readBtf(given, STRUCTS, pointerBytes), how: "given" };
  const start = symbols?.addresses.get("__start_BTF");
  const stop = symbols?.addresses.get("__stop_BTF");
  const said =
    start !== undefined && stop !== undefined && stop > start
      ? { address: start, length: Number(stop - start) }
      : null;
  const found = said ?? findBtf(memory, image);
  if (found === null || found.length > MOST_BTF) {
    problems.push("the kernel has no BTF: no CONFIG_DEBUG_INFO_BTF, or it was left out of the dump");
    return null;
  }
  const blob = new Uint8Array(found.length);
  const outcome = memory.read(found.address, blob);
  if (outcome !== "read") {
    problems.push(`a part of the kernel's BTF is ${outcome}`);
    return null;
  }
  try {
    return {
      types: readBtf(blob, STRUCTS, pointerBytes),
      how: said === null ? "a search of its image" : "symbols",
    };
  } catch (error) {
    if (!(error instanceof PtekitError)) throw error;
    problems.push(error.message);
    return null;
  }
}
