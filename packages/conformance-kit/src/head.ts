import type { ArchBackend, Architecture, FileHead } from "@ptekit/core";
import { PtekitError, targetOfHead } from "@ptekit/core";
import { badFile } from "./parse.ts";

/**
 * The backend that a file's head selects.
 *
 * @throws PtekitError `BAD_FILE` where the head names a release, configuration or CPU that is none; `NO_LAYOUT` where the
 * architecture describes no layout for it.
 */
export function backendOfHead(arch: Architecture, head: FileHead & { readonly file: string }): ArchBackend {
  try {
    return arch.for(targetOfHead(arch, head));
  } catch (error) {
    if (!(error instanceof PtekitError) || error.code === "NO_LAYOUT") throw error;
    throw badFile(head.file, `its head selects no backend: ${error}`);
  }
}
