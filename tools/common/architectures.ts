import type { Architecture } from "@ptekit/core";
import { archFolder, architectures } from "./workspaces.ts";

/** Every architecture's data, by name; from the folders, as @ptekit/all knows none that was just made. */
export async function loadArchitectures(): Promise<Map<string, Architecture>> {
  const loaded = architectures().map(async (name): Promise<[string, Architecture]> => {
    const module = await import(new URL(`../../${archFolder(name)}/src/index.ts`, import.meta.url).href);
    return [name, module.default];
  });
  return new Map(await Promise.all(loaded));
}

/** The architecture of that name. Throws where there is none. */
export function archNamed(archs: ReadonlyMap<string, Architecture>, name: string): Architecture {
  const arch = archs.get(name);
  if (!arch) throw new Error(`there is no architecture ${name}`);
  return arch;
}
