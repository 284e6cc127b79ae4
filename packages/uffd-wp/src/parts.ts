import type { PageAccess } from "@ptekit/core";

/** What pte_write() and pte_dirty() say. */
export interface Parts {
  readonly write: boolean;
  readonly dirty: boolean;
}

/** What an access is made of. A page under PROT_NONE stays as dirty as it was. */
export const partsOf = (access: PageAccess | undefined): Parts => ({
  write: access === "write" || access === "clean",
  dirty: access === "write" || access === "protected" || access === "none",
});
