// What a dump is, for people and for scripts.
import { bytesText } from "@ptekit/core";
import type { Dump } from "@ptekit/dump";
import type { Kernel } from "@ptekit/introspect";

const FORMS: Readonly<Record<Dump["form"], string>> = {
  elf: "ELF core",
  kdump: "kdump-compressed",
  lime: "LiME",
  avml: "AVML",
  raw: "raw memory",
};

/** `kdump-compressed, lzo, -d 31, flattened, 3 files`. */
export function formOf({ form, compression, dumpLevel, flattened, parts }: Dump): string {
  return [
    FORMS[form],
    ...(compression === null ? [] : [compression]),
    ...(dumpLevel === null || dumpLevel === 0 ? [] : [`-d ${dumpLevel}`]),
    ...(flattened ? ["flattened"] : []),
    ...(parts > 1 ? [`${parts} files`] : []),
  ].join(", ");
}

/** What stands on every line of a scan, so that lines of many dumps can be put together. */
export const keysOf = ({
  buildId,
  release,
  arch,
}: Kernel): { buildId: string | null; kernel: string; arch: string } => ({
  buildId,
  kernel: release,
  arch: arch.name,
});

/** The first line of --json. */
export function dumpJson(dump: Dump, kernel: Kernel, limits: readonly string[]): Record<string, unknown> {
  const devices = kernel.swapDevices();
  const { buildId, kernel: release, arch } = keysOf(kernel);
  return {
    form: dump.form,
    compression: dump.compression,
    flattened: dump.flattened,
    parts: dump.parts,
    dumpLevel: dump.dumpLevel,
    complete: dump.complete,
    kernel: release,
    arch,
    pageSize: kernel.pageSize,
    buildId,
    host: kernel.host,
    memory: Number(memoryOf(dump)),
    how: kernel.how,
    target: kernel.target,
    facts: kernel.facts,
    assumed: kernel.backend.assumed,
    swapDevices: typeof devices === "string" ? null : devices.map(({ map: _, ...device }) => device),
    tasks: kernel.tasks(),
    problems: kernel.problems,
    limits,
  };
}

/** Bytes of memory that the machine had. */
export const memoryOf = ({ memory }: Dump): bigint =>
  memory.ranges.reduce((sum, { start, end }) => sum + end - start, 0n);

/** The same in lines; the first one is the head. */
export function dumpLines(dump: Dump, kernel: Kernel, limits: readonly string[]): string[] {
  const { how, backend } = kernel;
  const devices = kernel.swapDevices();
  const found = [
    `VMCOREINFO: ${how.vmcoreinfo}`,
    `architecture: ${how.arch}`,
    `symbols: ${how.symbols ?? "none"}`,
    `types: ${how.types ?? "none"}`,
    ...(how.types === null ? [`processes: ${how.processes ?? "none"}`] : []),
  ];
  return [
    `Linux ${kernel.release}, ${kernel.arch.name}, host ${kernel.host ?? "unknown"}`,
    `${formOf(dump)}${dump.complete ? "" : ", incomplete"}; ${bytesText(memoryOf(dump))} of memory, pages of ${bytesText(BigInt(kernel.pageSize))}, layout ${backend.layout.id}`,
    found.join(" · "),
    typeof devices === "string"
      ? `swap: ${devices}`
      : devices.length === 0
        ? "swap: none in use"
        : `swap: ${devices.map(({ type, name, pages }) => `type ${type} ${name ?? "?"} (${pages} pages)`).join(", ")}`,
    ...kernel.problems,
    ...limits,
  ];
}
