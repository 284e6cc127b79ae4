import type { ArchBackend, Architecture, FileHead } from "@ptekit/core";
import { PtekitError, targetOfHead } from "@ptekit/core";
import { badFile } from "./parse.ts";

/**
 * The backend that a file's head selects.
 *
 * @throws PtekitError `BAD_FILE` where the head names a release, configuration or CPU that selects none.
 */
export function backendOfHead(arch: Architecture, head: FileHead & { readonly file: string }): ArchBackend {
  try {
    return arch.for(targetOfHead(arch, head));
  } catch (error) {
    if (error instanceof PtekitError) throw badFile(head.file, `its head selects no backend: ${error}`);
    throw error;
  }
}
