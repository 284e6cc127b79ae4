import { canonical, load } from "@ptekit/all";
import type { Architecture } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";

/**
 * The architecture that a name, a path or a package's name says: `arm64`, `./mine.js`.
 *
 * @throws PtekitError `UNKNOWN_ARCH`; `BAD_ARGUMENT` where a module is none.
 */
export async function archOf(text: string): Promise<Architecture> {
  if (!isModule(text)) return load(text);
  // What loads a module is loaded where one is given.
  const { moduleArch } = await import("./arch-module.ts");
  return moduleArch(text);
}

/** Whether a text is a path or names a package, and not an architecture. */
export function isModule(text: string): boolean {
  if (/[/\\]|\.[cm]?[jt]s$/.test(text)) return true;
  if (!/^[\w-][\w.-]*$/.test(text)) return false;
  try {
    canonical(text);
    return false;
  } catch (error) {
    // Of an alias that several architectures have, all of them are named.
    const isMeant = error instanceof PtekitError && /: say which$/.test(error.message);
    return !isMeant && isInstalled(text);
  }
}

/** Whether a package of that name can be had from the working directory. */
function isInstalled(name: string): boolean {
  const { createRequire, isBuiltin } = process.getBuiltinModule("node:module");
  if (isBuiltin(name)) return false;
  const folders = createRequire(`${process.cwd()}/ptekit`).resolve.paths(name) ?? [];
  const { existsSync } = process.getBuiltinModule("node:fs");
  return folders.some((folder) => existsSync(`${folder}/${name}/package.json`));
}
