import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Architecture } from "@ptekit/core";
import { checkArch, isAboutCitation, isUnfinished, PtekitError } from "@ptekit/core";

/**
 * The architecture that a module exports by default: a path, or a package's name.
 *
 * @throws PtekitError `BAD_ARGUMENT` where it cannot be loaded or exports none.
 */
export async function loadArchitecture(module: string): Promise<Architecture> {
  const found = await importModule(module);
  return guarded(module, () => {
    const value = found.default;
    if (!isArchitecture(value)) {
      throw new PtekitError(
        "BAD_ARGUMENT",
        `${module} has no Architecture as its default export (defineArch() makes one)`,
      );
    }
    const { for: _, ...data } = value;
    const [problem] = checkArch(data).filter((text) => !(isAboutCitation(text) || isUnfinished(data)));
    if (problem !== undefined) throw new PtekitError("BAD_ARGUMENT", `${module}: ${problem}`);
    return value;
  });
}

/** What a module's own getters throw is told as what it is, whatever it is. */
function guarded<T>(module: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PtekitError) throw error;
    throw new PtekitError("BAD_ARGUMENT", `${module} cannot be read: ${textOf(error)}`);
  }
}

/** The first line of anything thrown. */
export function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
  } catch {
    return "something that is no text was thrown";
  }
}

const lists = ["layouts", "symbols", "pageShift", "physBits", "byteOrder"] as const;

function isArchitecture(value: unknown): value is Architecture {
  if (typeof value !== "object" || value === null) return false;
  const arch = value as Partial<Architecture>;
  const whole = lists.every((list) => Array.isArray(arch[list]));
  return typeof arch.name === "string" && typeof arch.for === "function" && whole;
}

async function importModule(module: string): Promise<{ default?: unknown }> {
  const path = resolve(module);
  try {
    return await import(existsSync(path) ? pathToFileURL(path).href : module);
  } catch (error) {
    throw new PtekitError("BAD_ARGUMENT", `${module} cannot be loaded: ${reason(error)}`);
  }
}

// `npm init -y` writes "type": "commonjs" from npm 11 on, and Node's own words do not say what to do about it.
const takenForCommonJs = /^Cannot use import statement outside a module|^Unexpected token 'export'/;

function reason(error: unknown): string | undefined {
  if (!(error instanceof Error)) return textOf(error);
  // A module may bring a core of its own: the name tells, not the class.
  if (error.name === "PtekitError") return String(error);
  if (error instanceof SyntaxError && takenForCommonJs.test(error.message)) {
    return "it is an ES module, but its package.json says commonjs (npm pkg set type=module, or name it .mjs)";
  }
  return error.message.split("\n")[0];
}
