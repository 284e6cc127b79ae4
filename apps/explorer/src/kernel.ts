// From a state to the backend that it means.
import { canonical, load } from "@ptekit/all";
import type { ArchBackend, Architecture, Target } from "@ptekit/core";
import { NEWEST_RELEASE, PtekitError } from "@ptekit/core";
import type { State } from "./link.ts";

// An architecture that was loaded once answers at once: no key waits for a promise.
const loaded = new Map<string, Architecture>();

/** The architecture of a state where it is loaded already, else what loads it. */
export function architectureOf(state: State): Architecture | Promise<Architecture> {
  const name = canonical(state.arch);
  return (
    loaded.get(name) ??
    load(name).then((arch) => {
      loaded.set(name, arch);
      return arch;
    })
  );
}

/** The target that a state means. */
export const targetOf = ({ release, config, cpu, backports }: State): Target => ({
  release: release === "latest" ? NEWEST_RELEASE : release,
  config,
  cpu,
  backports,
});

// The same kernel is asked about at every key.
let last: { readonly key: string; readonly backend: ArchBackend } | null = null;

/**
 * The backend of a state.
 *
 * @throws PtekitError where there is none, as `for()` does.
 */
export function backendOf(arch: Architecture, state: State): ArchBackend {
  const { release, config, cpu, backports, level } = state;
  const key = JSON.stringify([arch.name, release, config, cpu, backports, level]);
  if (last?.key !== key) last = { key, backend: atLevel(arch.for(targetOf(state)), level) };
  return last.backend;
}

function atLevel(backend: ArchBackend, level: State["level"]): ArchBackend {
  const found = backend.at(level);
  if (found) return found;
  throw new PtekitError("NO_LAYOUT", `${backend.layout.id}: no entry of level ${level} is a swap entry here`);
}
