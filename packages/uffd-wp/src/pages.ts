import type { AnyDecoded, PageAccess } from "@ptekit/core";
import { accessOf, changePresent, encodePresent } from "@ptekit/core";
import { entryWith } from "./entries.ts";
import { atLeastRelease } from "./kernel.ts";
import type { Life } from "./life.ts";
import { decodedOf } from "./life.ts";
import type { Change, Scene } from "./scene.ts";
import { freshPfn, swpSoftDirty, used } from "./scene.ts";

/** In a PROT_NONE VMA nothing is mapped for use. */
export function usable(life: Life, access: PageAccess): PageAccess {
  if (life.accessible) return access;
  return access === "read" ? "noneRead" : "none";
}

export const wrprotected = (life: Life): { access?: PageAccess } =>
  accessOf(life.backend, life.pte) === "write" ? { access: "protected" } : {};

export const protect = (life: Life): { access?: PageAccess; uffdWp: boolean } => ({
  ...wrprotected(life),
  uffdWp: true,
});

/** The write bit comes back at once where no other reason keeps it off: can_change_pte_writable(). */
export function unprotect(life: Life): { access?: PageAccess; uffdWp: boolean } {
  const returns =
    life.page === "file" || (life.page === "anon" && life.exclusive && atLeastRelease(life.backend, "6.3"));
  const written = accessOf(life.backend, life.pte) === "protected";
  return { uffdWp: false, ...(returns && written && life.accessible ? { access: "write" } : {}) };
}

export const keepsUffdWp = (life: Life): boolean => decodedOf(life).uffdWp === true;

export const childWp = (life: Life): boolean => life.wp && life.features.includes("event-fork");

export const ifSoftDirty = (life: Life): { softDirty?: true } =>
  life.backend.present?.fields.some((row) => row.kind === "softDirty") === true ? { softDirty: true } : {};

export const sharedPage = (life: Life): bigint => changePresent(life.backend, life.pte, wrprotected(life));

export const forChild = (life: Life, pte: bigint): bigint => (childWp(life) ? pte : withoutUffdWp(life, pte));

export function withoutUffdWp(life: Life, pte: bigint): bigint {
  const decoded: AnyDecoded = life.backend.decode(pte);
  if (decoded.uffdWp !== true) return pte;
  if (decoded.kind === "present") return changePresent(life.backend, pte, { uffdWp: false });
  return entryWith({ life, decoded }, { uffdWp: false });
}

/** move_soft_dirty_pte(); the 2021 proposal left its special PTE alone there, and hugetlb has nothing of the kind. */
export function softDirtied(scene: Scene): bigint {
  const { life, decoded } = scene;
  if (decoded.kind === "none" || life.vma === "hugetlb" || !swpSoftDirty(life)) return life.pte;
  if (decoded.kind === "present") return changePresent(life.backend, life.pte, { softDirty: true });
  if (life.design.by !== "swap-type" && life.backend.isSpecialPte(life.pte, life.design)) return life.pte;
  return entryWith(scene, { softDirty: true });
}

export function mprotected(life: Life): PageAccess {
  const access = accessOf(life.backend, life.pte);
  if (access === "none") return "protected";
  if (access === "noneRead") return "read";
  return access === "read" ? "noneRead" : "none";
}

export interface Mapping {
  readonly access: PageAccess;
  readonly uffdWp?: boolean;
  readonly softDirty?: boolean;
}

/** mk_pte() and what follows: a page of the model's choice, dirty where it is mapped for writing. */
export function word(scene: Scene, { access, uffdWp = false, softDirty }: Mapping): bigint {
  const { life } = scene;
  const dirty = access === "write" || access === "protected";
  return encodePresent(life.backend, {
    pfn: freshPfn(scene),
    access: usable(life, access),
    uffdWp,
    huge: life.vma === "hugetlb",
    ...(softDirty === undefined ? (dirty ? ifSoftDirty(life) : {}) : softDirty ? ifSoftDirty(life) : {}),
  });
}

/** A page where there was none: a fault, or an ioctl. A read of anonymous memory maps the zero page. */
export function mapped(scene: Scene, mapping: Mapping): Change {
  const { life } = scene;
  const pte = word(scene, mapping);
  if (life.vma !== "anonymous") return { ...used(life), pte, page: "file", file: "page", exclusive: false };
  if (mapping.access === "read") return { ...used(life), pte, page: "zero", exclusive: false };
  return { ...used(life), pte, page: "anon", exclusive: true };
}

/** do_wp_page(): the page is used again, or copied where it is the zero page or shared. */
export function written(scene: Scene, change: { uffdWp?: boolean }): Change {
  const { life } = scene;
  const copies = life.page === "zero" || (life.page === "anon" && !life.exclusive);
  if (copies) {
    const uffdWp = change.uffdWp ?? false;
    return { ...used(life), pte: word(scene, { access: "write", uffdWp }), page: "anon", exclusive: true };
  }
  return {
    pte: changePresent(life.backend, life.pte, { access: "write", ...ifSoftDirty(life), ...change }),
  };
}

/** do_swap_page(); a page that is not exclusive is copied before it is written. */
export function swappedIn(scene: Scene, access: PageAccess, uffdWp: boolean): Change {
  const { life, decoded } = scene;
  const writes = access !== "read";
  const softDirty = decoded.softDirty === true || writes;
  return {
    ...used(life),
    pte: word(scene, { access, uffdWp, softDirty }),
    page: "anon",
    exclusive: life.exclusive || access === "write",
  };
}

export function migrated(scene: Scene): Change {
  const { life, decoded } = scene;
  const dirty = decoded.dirty !== false;
  const access = decoded.access === "write" ? "write" : dirty ? "protected" : "read";
  const uffdWp = decoded.uffdWp === true && decoded.access !== "write";
  const pte = word(scene, { access, uffdWp, softDirty: decoded.softDirty === true });
  return {
    ...used(life),
    pte,
    page: life.vma === "anonymous" ? "anon" : "file",
    exclusive: life.vma === "anonymous" && decoded.access !== "read",
  };
}

/** migrate_to_ram() maps a page of memory again, then the access is tried again. */
export function fromDevice(scene: Scene, access: PageAccess, uffdWp: boolean): Change {
  const { life, decoded } = scene;
  const kept = access === "read" && decoded.access === "write" ? "write" : access;
  const softDirty = decoded.softDirty === true || access === "write";
  return {
    ...used(life),
    pte: word(scene, { access: kept, uffdWp: uffdWp && kept !== "write", softDirty }),
    page: "anon",
    exclusive: life.exclusive || access === "write",
  };
}
