import type { Architecture, FieldKind, Unselected } from "@ptekit/core";
import { compareNumbers, isUnfinished, parseRelease } from "@ptekit/core";

/** What is described of an architecture. */
export interface ArchJson {
  readonly arch: string;
  readonly title: string;
  /** Whether something is still to be filled in: what it says is a guess. */
  readonly unfinished: boolean;
  readonly header: string;
  readonly pteBits: readonly number[];
  /** The oldest release described. */
  readonly since: string;
  /** Per flag the first release that has it; absent where none has. */
  readonly flags: { readonly exclusive?: string; readonly softDirty?: string; readonly uffdWp?: string };
  /** Flags that are written in the headers, and that no configuration turns on; the symbol, and where that stands. */
  readonly unselected: readonly Unselected[];
  /** Whether present PTEs are described. */
  readonly present: boolean;
  readonly cpu: readonly string[];
  readonly layouts: readonly string[];
  readonly config: readonly string[];
}

export function archJson(arch: Architecture): ArchJson {
  return {
    arch: arch.name,
    title: arch.title,
    unfinished: isUnfinished(arch),
    header: arch.header,
    pteBits: [...new Set(arch.layouts.map(({ pteBits }) => pteBits))].sort(),
    since: oldest(arch.layouts.map(({ since }) => since)) ?? "",
    flags: { ...flag(arch, "exclusive"), ...flag(arch, "softDirty"), ...flag(arch, "uffdWp") },
    unselected: arch.unselected ?? [],
    present: (arch.present ?? []).length > 0,
    cpu: (arch.cpus ?? []).map(({ name }) => name),
    layouts: arch.layouts.map(({ id }) => id),
    config: arch.symbols.map(({ name }) => name),
  };
}

function flag(arch: Architecture, kind: FieldKind): Record<string, string> {
  const rows = arch.layouts.flatMap((layout) =>
    layout.fields
      .filter((field) => field.kind === kind)
      .map((field) => {
        // A flag under a Kconfig symbol is there since the symbol is.
        const symbols = arch.symbols.filter(({ name }) => field.when.includes(name));
        return newest([layout.since, ...symbols.flatMap(({ since }) => since ?? [])]);
      }),
  );
  const since = oldest(rows.flatMap((row) => row ?? []));
  return since === undefined ? {} : { [kind]: since };
}

const sorted = (releases: readonly string[]): string[] =>
  [...releases].sort((a, b) => compareNumbers(parseRelease(a).numbers, parseRelease(b).numbers));
const oldest = (releases: readonly string[]): string | undefined => sorted(releases)[0];
const newest = (releases: readonly string[]): string | undefined => sorted(releases).at(-1);
