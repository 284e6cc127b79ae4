// The ways in which an architecture's tables can be walked, where nothing says which it is.
import type { ArchBackend, Architecture, ConfigValue } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import type { Fact } from "../facts.ts";
import { type KernelTarget, pageSizeConfig } from "../target.ts";

/** A target, of those that differ in how tables are walked. */
export interface Variant {
  readonly target: KernelTarget;
  readonly backend: ArchBackend;
  /** What was chosen for it. */
  readonly facts: readonly Fact[];
}

/** Every variant of a release: page sizes, and what the dump of a kernel with VMCOREINFO would say. */
export function* variantsOf(
  arch: Architecture,
  release: string,
  evidence: string,
): Generator<Variant, void, undefined> {
  const seen = new Set<string>();
  for (const pageShift of new Set(arch.pageShift.map(({ shift }) => shift)))
    for (const cpu of [null, ...new Set((arch.vmcore?.cpus ?? []).map(({ name }) => name))])
      for (const chosen of configs(arch)) {
        const target = {
          release,
          cpu: cpu === null ? [] : [cpu],
          config: { ...pageSizeConfig(arch, 2 ** pageShift), ...chosen },
        };
        const backend = backendOf(arch, target);
        if (backend?.geometry == null || backend.present === null) continue;
        if (backend.kernel.pageShift !== pageShift) continue;
        const { levels, root } = backend.geometry;
        const way = JSON.stringify([levels, root], (_, value) =>
          typeof value === "bigint" ? `${value}` : value,
        );
        if (seen.has(way)) continue;
        seen.add(way);
        const facts = [
          ...target.cpu.map((name) => ({ name, value: "y" as const, evidence })),
          ...Object.entries(chosen).map(([name, value]) => ({ name, value: value as number, evidence })),
        ];
        yield { target, backend, facts };
      }
}

/** Every choice of the symbols whose values a dump would say; what is not chosen is the default. */
function configs({ vmcore, symbols }: Architecture): Record<string, ConfigValue>[] {
  return (vmcore?.config ?? []).reduce<Record<string, ConfigValue>[]>(
    (all, { name }) => {
      const values = symbols.find((symbol) => symbol.name === name)?.values ?? [];
      return all.flatMap((chosen) => [chosen, ...values.map((value) => ({ ...chosen, [name]: value }))]);
    },
    [{}],
  );
}

function backendOf(arch: Architecture, target: KernelTarget): ArchBackend | null {
  try {
    return arch.for(target);
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
}
