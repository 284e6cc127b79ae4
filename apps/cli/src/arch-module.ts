import { architectureIn, defaultExport } from "@ptekit/all/module";
import type { ArchBackend, Architecture } from "@ptekit/core";
import { createBackend, isUnfinished, PtekitError, trustedArch } from "@ptekit/core";
import { UsageError } from "./errors.ts";

/** The architecture that a module of the user's exports: what defineArch() made, the data for it, or one kernel's backend. */
export async function moduleArch(module: string): Promise<Architecture> {
  const value = await guarded(module, () => defaultExport(module));
  const arch = isBackend(value) ? ofBackend(module, value) : architectureIn(module, value);
  if (isUnfinished(arch))
    throw new PtekitError("BAD_LAYOUT", `${module} is unfinished: ${arch.unfinished?.[0]}`);
  return arch;
}

/** A module may call process.exit(0), or wait at its top level for what never comes: neither is an answer. */
async function guarded<T>(module: string, work: () => Promise<T>): Promise<T> {
  const refuse = (): void => {
    process.exitCode = 2;
    process.stderr.write(`ptekit: ${JSON.stringify(module)} ends the program, or waits for ever\n`);
  };
  process.once("exit", refuse);
  try {
    return await work();
  } finally {
    process.off("exit", refuse);
  }
}

function isBackend(value: unknown): value is ArchBackend {
  return (
    typeof value === "object" &&
    value !== null &&
    ["arch", "layout", "types", "kernel", "decode"].every((key) => key in value) &&
    !("layouts" in value)
  );
}

/** One kernel's backend as an architecture that has that kernel alone. */
function ofBackend(module: string, backend: ArchBackend): Architecture {
  const { arch, layout, present, geometry, types, kernel } = backend;
  const assumptions = backend.assumed.map((sentence) => ({ sentence, parts: null }));
  const only = createBackend({ arch, layout, present, geometry, types, kernel, assumptions });
  const citation = layout.citation;
  const data = trustedArch({
    name: arch,
    title: arch,
    header: "",
    layouts: [layout],
    symbols: [],
    pageShift: [{ shift: kernel.pageShift }],
    physBits: [{ bits: kernel.physBits, citation }],
    byteOrder: [{ order: kernel.byteOrder }],
  });
  return {
    ...data,
    for: ({ release, config = {}, cpu = [], backports = [] }) => {
      if (release !== kernel.release)
        throw new UsageError(
          `${module} exports the backend of Linux ${kernel.release} alone: say --kernel ${kernel.release}`,
        );
      const isStated = typeof config === "string" || Object.keys(config).length > 0;
      if (isStated || cpu.length > 0 || backports.length > 0)
        throw new UsageError(
          `${module} exports a backend, which has its settings: leave out --config, --config-file, --cpu and --backport`,
        );
      return only;
    },
  };
}
