import { rowsOf } from "@ptekit/core";
import { atLeastRelease } from "./kernel.ts";
import { decodedOf, goesAs, guarded, isHuge, isPrivate, type Life } from "./life.ts";

// What a VMA promises of its pages, and when the kernel gives more.

/** Whether present PTEs keep a soft-dirty bit here. */
export const softDirtyIsKept = ({ backend }: Life): boolean =>
  backend.present?.fields.some((row) => row.kind === "softDirty") === true;

/** vma_soft_dirty_enabled(): 4 was written to clear_refs since the memory was mapped. */
const tracksSoftDirty = (life: Life): boolean =>
  rowsOf(life.backend.layout, "softDirty").length > 0 && !life.newMapping;

/** pte_needs_soft_dirty_wp(): the next write is to be seen. */
export const needsSoftDirtyWp = (life: Life, softDirty: boolean): boolean =>
  tracksSoftDirty(life) && !softDirty;

/** Something wants to be told of the first write: vma_wants_writenotify(). */
const wantsWritenotify = (life: Life): boolean =>
  life.vma === "file" ||
  (!isHuge(life) && tracksSoftDirty(life)) ||
  (life.wp && atLeastRelease(life.backend, "6.1"));

/**
 * Whether the protection that a change of PTEs goes by has the write bit: vm_page_prot; up to 6.2 a change by
 * userfaultfd went by what vm_get_page_prot() says of the VMA's flags, as if nothing wanted to be told.
 */
export function promised(life: Life, how: "mprotect" | "uffd"): boolean {
  if (goesAs(life) === "anonymous" || isPrivate(life) || !life.accessible || life.readOnly) return false;
  return (how === "uffd" && !atLeastRelease(life.backend, "6.3")) || !wantsWritenotify(life);
}

/** Whether change_pte_range() gives the write bit beyond that: MM_CP_TRY_CHANGE_WRITABLE and can_change_pte_writable(). */
export function upgrades(
  life: Life,
  how: "mprotect" | "uffd",
  { dirty, uffdWp }: { readonly dirty: boolean; readonly uffdWp: boolean },
): boolean {
  const since = (release: string): boolean => atLeastRelease(life.backend, release);
  if (!life.accessible || life.readOnly || (uffdWp && guarded(life))) return false;
  if (how === "uffd" && !since("6.3")) return false;
  const { softDirty = false } = decodedOf(life);
  if (needsSoftDirtyWp(life, softDirty)) return false;
  // The test of vm_page_prot in vma_wants_writenotify() answers for shmem and hugetlb that nothing is to be upgraded.
  if (goesAs(life) !== "anonymous" && !isPrivate(life)) return life.vma === "file" && dirty;
  if (isHuge(life)) return false;
  // A huge PMD was left read-only up to 6.1.
  return (
    since(life.huge ? "6.2" : "6.0") && life.page === "anon" && life.exclusive && (dirty || since("6.2"))
  );
}
