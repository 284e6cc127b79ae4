import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { ArchBackend, Architecture } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import { whyNoUffdWp } from "@ptekit/uffd-wp";

const packages = new URL("../../arch/", import.meta.url);

/** Every architecture package's data. */
export async function architectures(): Promise<Architecture[]> {
  const names = readdirSync(packages).filter((name) => {
    const manifest = new URL(`${name}/package.json`, packages);
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).ptekit === "architecture";
  });
  const loaded = names.map(
    async (name) => (await import(new URL(`${name}/src/index.ts`, packages).href)).default as Architecture,
  );
  return Promise.all(loaded);
}

/** Releases around which what happens to a PTE changed. */
const releases = ["4.19", "5.10", "5.19", "6.1", "6.3", "6.6", "6.8", "6.12", "6.13", "6.15", "7.2", "7.3"];

export interface Subject {
  readonly title: string;
  readonly backend: ArchBackend;
}

/** Where nothing is ever write-protected, what the releases add is little: poison and guard. */
const fewer = ["6.1", "7.2"];

/** A backend for each architecture and release that has one, with its default configuration and every CPU feature. */
export async function subjects(): Promise<Subject[]> {
  return (await architectures()).flatMap((arch) =>
    ["", ...(arch.cpus ?? []).map((cpu) => cpu.name)].flatMap((cpu) => {
      const backends = releases.flatMap((release) => {
        const backend = backendOf(arch, release, cpu);
        return backend ? [{ title: [arch.name, release, cpu].join(" ").trim(), release, backend }] : [];
      });
      const protects = backends.some(({ backend }) => whyNoUffdWp(backend) === null);
      return protects ? backends : backends.filter(({ release }) => fewer.includes(release));
    }),
  );
}

function backendOf(arch: Architecture, release: string, cpu: string): ArchBackend | null {
  try {
    return arch.for({ release, ...(cpu === "" ? {} : { cpu }) });
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_LAYOUT") return null;
    throw error;
  }
}

/** A file of packages/arch/X/live. */
export interface Live {
  readonly name: string;
  readonly arch: Architecture;
  readonly release: string;
  readonly config: Readonly<Record<string, string>>;
  readonly levels: number;
  readonly rows: readonly { readonly region: string; readonly pte: string; readonly pagemap: string }[];
}

/** The PTEs of every guest, by architecture; entries of huge pages stand at other levels, and have no part in the life of one. */
export async function guests(): Promise<Live[]> {
  return (await architectures()).flatMap((arch) => {
    const folder = new URL(`${arch.name}/live/`, packages);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).map((name) => {
      const file = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
      const rows = file.rows.filter(({ level = "pte" }: { level?: string }) => level === "pte");
      return { ...file, rows, name, arch };
    });
  });
}
