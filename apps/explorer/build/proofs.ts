import fs from "node:fs";
import path from "node:path";
import { loadAll } from "@ptekit/all";
import type { Architecture, FileHead } from "@ptekit/core";
import { PtekitError, targetOfHead } from "@ptekit/core";
import type { Proof } from "../src/proof.ts";

/** Which files hold which layout: each is read by the layout that its head selects. */
export async function proofsOf(repository: string): Promise<Record<string, Proof[]>> {
  const found: Record<string, Proof[]> = {};
  for (const arch of await loadAll()) {
    for (const kind of ["vectors", "live"] as const) {
      const folder = path.join(repository, "packages/arch", arch.name, kind);
      for (const name of fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []) {
        const head: FileHead = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
        const id = layoutId(arch, head);
        if (id !== null) found[id] = [...(found[id] ?? []), { kind, file: name, release: head.release }];
      }
    }
  }
  return found;
}

function layoutId(arch: Architecture, head: FileHead): string | null {
  try {
    return arch.for(targetOfHead(arch, head)).layout.id;
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
}
