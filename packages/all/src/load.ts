import type { Architecture } from "@ptekit/core";
import { didYouMean, PtekitError } from "@ptekit/core";
import { loaders } from "./loaders.ts";
import type { ArchName } from "./names.ts";
import { aliases, names } from "./names.ts";

/**
 * The architecture of that name or alias, whatever its case: `load("amd64")` is x86_64. Only that one is loaded.
 *
 * @throws PtekitError `UNKNOWN_ARCH`, with the nearest name, or the names where an alias has several.
 */
export async function load(name: string): Promise<Architecture> {
  return loaded(canonical(name));
}

/** All of them, in the order of their names. */
export async function loadAll(): Promise<readonly Architecture[]> {
  return Promise.all(names.map(loaded));
}

// import() of a module that is there costs as much as reading some words: a log asks for one as often as it has reports.
const known = new Map<ArchName, Promise<Architecture>>();

function loaded(name: ArchName): Promise<Architecture> {
  const before = known.get(name);
  if (before !== undefined) return before;
  const promise = loaders[name]();
  known.set(name, promise);
  // What could not be loaded is tried again.
  promise.catch(() => known.delete(name));
  return promise;
}

/**
 * ptekit's name for an architecture, which is the kernel's: `x86_64` for `amd64`.
 *
 * @throws PtekitError `UNKNOWN_ARCH`, with the nearest name, or the names where an alias has several: x86 is x86_64 and
 * i386, whose PTEs differ.
 */
export function canonical(name: string): ArchName {
  const lower = String(name).toLowerCase();
  const exact = names.find((known) => known === lower);
  if (exact) return exact;
  const meant = Object.hasOwn(aliases, lower) ? (aliases[lower] ?? []) : [];
  const [only, ...others] = meant;
  if (only && others.length === 0) return only;
  throw new PtekitError("UNKNOWN_ARCH", only ? several(lower, meant) : unknown(name));
}

const several = (name: string, meant: readonly ArchName[]): string =>
  `${name} is ${meant.join(" or ")}: say which`;

const unknown = (name: string): string =>
  `unknown architecture ${JSON.stringify(name)}${didYouMean(String(name), [...names, ...Object.keys(aliases)])}`;
