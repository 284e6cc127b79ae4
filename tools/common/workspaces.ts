// The workspaces of this repository. No other file knows where a package's folder is.
import fs from "node:fs";

/** A package.json, as far as the tools read it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  /** `architecture` for what npm run new-arch makes. */
  readonly ptekit?: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [other: string]: unknown;
}

/** A workspace: its folder, from the root, and its package.json. */
export interface Workspace {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every workspace, in the order of the root's package.json, those of one pattern by name. */
export function workspaces(): Workspace[] {
  const { workspaces: patterns } = readJson("package.json") as { workspaces: string[] };
  return patterns
    .flatMap(foldersOf)
    .filter((folder) => fs.existsSync(`${folder}/package.json`))
    .map((folder) => ({ folder, manifest: manifestOf(folder) }));
}

/** Those that are published. */
export function published(): Workspace[] {
  return workspaces().filter(({ manifest }) => manifest.private !== true);
}

/** Those under packages/ that hold no architecture: core, bulk, … */
export function libraries(): Workspace[] {
  return workspaces().filter(
    ({ folder, manifest }) => folder.startsWith("packages/") && manifest.ptekit !== "architecture",
  );
}

/** The names of the architectures: of the packages whose package.json says `"ptekit": "architecture"`. */
export function architectures(): string[] {
  return workspaces()
    .filter(({ manifest }) => manifest.ptekit === "architecture")
    .map(({ manifest }) => shortName(manifest));
}

/** The folder of a package, by its name or the part of it behind @ptekit/. */
export function folderOf(name: string): string {
  const found = workspaces().find(
    ({ manifest }) => manifest.name === name || manifest.name === `@ptekit/${name}`,
  );
  if (!found) throw new Error(`no workspace is named ${name}`);
  return found.folder;
}

/** Where an architecture stands, or would. */
export function archFolder(name: string): string {
  return `packages/arch/${name}`;
}

/** What stands behind @ptekit/ in a package's name. */
export function shortName({ name }: Pick<Manifest, "name">): string {
  return name.replace(/^@ptekit\//, "");
}

/** A folder's package.json. */
export function manifestOf(folder: string): Manifest {
  return readJson(`${folder}/package.json`) as Manifest;
}

function foldersOf(pattern: string): string[] {
  if (!pattern.endsWith("/*")) return [pattern];
  const parent = pattern.slice(0, -2);
  const entries = fs.readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => `${parent}/${name}`).sort();
}

function readJson(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}
