import { canonical, load } from "@ptekit/all";
import type { Architecture } from "@ptekit/core";
import type { Options } from "./interface.ts";

/** What the user says, the architecture by its name. */
export interface Stated extends Omit<Options, "arch"> {
  readonly arch?: string;
  /** The user's own architecture, which that name means then. */
  readonly own?: Architecture;
}

/** What the options state; an alias is the name that it stands for. */
export function statedIn({ arch, ...rest }: Options): Stated {
  if (arch === undefined) return rest;
  return typeof arch === "string"
    ? { ...rest, arch: canonical(arch) }
    : { ...rest, arch: arch.name, own: arch };
}

/** The architecture of a name: the user's own, where it is called so. */
export const archNamed = async (name: string, own: Architecture | undefined): Promise<Architecture> =>
  own?.name === name ? own : load(name);
