import { spawnSync } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import nodeModule from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ArchData, Architecture } from "@ptekit/core";
import { defineArch, PtekitError } from "@ptekit/core";
import { names } from "./names.ts";

/**
 * The architecture that a module exports by default: what `defineArch()` made, or the data for it. It is checked, and made
 * anew by the core that this package uses, whichever the module brings along.
 *
 * @param module a path (`./mine.js`, and `./mine.ts` from Node 22.18 on), or a package's name
 * @param from the folder from which both are looked for. Default: the working directory.
 * @throws PtekitError `BAD_ARGUMENT` where it cannot be loaded, exports none, or its data is wrong.
 */
export async function loadModule(module: string, from?: string): Promise<Architecture> {
  return architectureIn(module, await defaultExport(module, from));
}

/**
 * What a module exports by default; undefined where it exports nothing so. `module` and `from` as in {@link loadModule}.
 *
 * @throws PtekitError `BAD_ARGUMENT` where it cannot be loaded.
 */
export async function defaultExport(module: string, from: string = process.cwd()): Promise<unknown> {
  const file = path.resolve(from, module);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (IS_PATH.test(module) && !stat) throw refusal(`${module} cannot be loaded: there is no such file`);
  if (stat?.isDirectory()) throw refusal(`${module} cannot be loaded: it is a folder; name the file in it`);
  let found = file;
  try {
    if (!stat) found = packageFile(module, from);
    const { default: value }: { readonly default?: unknown } = await import(pathToFileURL(found).href);
    return value;
  } catch (error) {
    throw refusal(`${module} cannot be loaded: ${reason(module, error)}${placeOf(error, found)}`, error);
  }
}

/** The file of a package, which is looked for where the user is, and not where ptekit is installed. */
const packageFile = (name: string, from: string): string =>
  nodeModule.createRequire(path.join(from, "ptekit")).resolve(name);

/**
 * The architecture that a module's default export is, checked and made anew.
 *
 * @throws PtekitError `BAD_ARGUMENT` where it is none, or its data is wrong.
 */
export function architectureIn(module: string, value: unknown): Architecture {
  try {
    if (!isArchitecture(value))
      throw refusal(`${module} has no Architecture as its default export (defineArch() makes one)`);
    const { for: _, ...data } = value as ArchData & { readonly for?: unknown };
    return defineArch(data);
  } catch (error) {
    if (!(error instanceof PtekitError))
      throw refusal(`${module} cannot be read: ${textOf(error)}${placeOf(error)}`, error);
    throw error.code === "BAD_LAYOUT" ? refusal(`${module}: ${error.message}`, error) : error;
  }
}

const IS_PATH = /^\.{1,2}(?:[/\\]|$)|^[/\\]|^[a-z]:[/\\]/i;

const refusal = (sentence: string, cause?: unknown): PtekitError =>
  new PtekitError("BAD_ARGUMENT", sentence, { cause });

const lists = ["layouts", "symbols", "pageShift", "physBits", "byteOrder"] as const;

function isArchitecture(value: unknown): value is ArchData {
  if (typeof value !== "object" || value === null) return false;
  const arch = value as Partial<ArchData>;
  return typeof arch.name === "string" && lists.every((list) => Array.isArray(arch[list]));
}

/** The first line of anything thrown. */
function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
  } catch {
    return "something that is no text was thrown";
  }
}

/** Where a checkout of ptekit has a package. */
function folderOf(name: string): string {
  const short = name.slice("@ptekit/".length);
  if (short === "conformance") return "apps/conformance";
  return (names as readonly string[]).includes(short) ? `packages/arch/${short}` : `packages/${short}`;
}

// `npm init -y` writes "type": "commonjs" from npm 11 on, and Node's own words do not say what to do about it.
const takenForCommonJs = /^Cannot use import statement outside a module|^Unexpected token 'export'/;

const FRAME = /(?:^|\(|\bat )((?:file:\/\/)?(?:[a-z]:)?[/\\][^()]*?):(\d+)(?::\d+)?\)?$/i;

/**
 * Where something was thrown, as Node tells it: ` (mine.js:3)`. Empty where nothing tells; of a PtekitError it is the line
 * of `own`, which asked for what was refused.
 */
function placeOf(error: unknown, own?: string): string {
  try {
    const frame = error instanceof Error ? frameOf(error, own) : undefined;
    if (frame === undefined) return "";
    const relative = path.relative(process.cwd(), frame.file);
    return ` (${relative.startsWith("..") ? frame.file : relative}:${frame.line})`;
  } catch {
    // Whose stack throws, or names no file, tells nothing.
    return "";
  }
}

interface Frame {
  readonly file: string;
  readonly line: string;
}

function frameOf(error: Error, own: string | undefined): Frame | undefined {
  const frames = framesIn(error.stack);
  if (error.name === "PtekitError")
    return own === undefined ? undefined : frames.find(({ file }) => file === realpathSync(own));
  // Of a syntax error in an ES module Node tells the line only where it ends by it.
  if (frames.length === 0 && error instanceof SyntaxError && own)
    return framesIn(spawnSync(process.execPath, ["--check", own], { encoding: "utf8" }).stderr)[0];
  return frames[0];
}

/** The files and lines that a stack names, and what Node writes above it. */
function framesIn(stack: unknown): Frame[] {
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((text) => {
    const [, place = "", line = ""] = FRAME.exec(text.trim()) ?? [];
    if (place === "") return [];
    return [{ file: place.startsWith("file:") ? fileURLToPath(place) : place, line }];
  });
}

function reason(module: string, error: unknown): string {
  if (!(error instanceof Error)) return textOf(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/\.[cm]?ts$/.test(module) && code === "ERR_UNKNOWN_FILE_EXTENSION")
    return `it is TypeScript, which Node runs from 22.18 on, and this is ${process.versions.node}; make it JavaScript first (npx esbuild ${module} --format=esm)`;
  const lacks = /^Cannot find (?:package|module) '(@ptekit\/[^'/]+)/.exec(error.message)?.[1];
  if (lacks !== undefined && lacks !== module)
    return `it imports ${lacks}, which is not installed beside it: npm install ${lacks}, or from a checkout of ptekit npm install PATH/${folderOf(lacks)}`;
  if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED")
    return "its package.json has it for import alone: give the path of its file";
  // A module may bring a core of its own: the name tells, not the class.
  if (error.name === "PtekitError") return String(error);
  if (error instanceof SyntaxError && takenForCommonJs.test(error.message))
    return "it is an ES module, but its package.json says commonjs (npm pkg set type=module, or name it .mjs)";
  return textOf(error);
}
