import type { AnyDecoded, PageAccess } from "@ptekit/core";
import { accessOf, changePresent, encodePresent } from "@ptekit/core";
import { entryWith } from "./entries.ts";
import { atLeastRelease } from "./kernel.ts";
import type { Life } from "./life.ts";
import { decodedOf, guarded, isHuge, isPrivate } from "./life.ts";
import { type Parts, partsOf } from "./parts.ts";
import { needsSoftDirtyWp, promised, softDirtyIsKept, upgrades } from "./protection.ts";
import type { Change, Scene } from "./scene.ts";
import { freshPfn, swpSoftDirty, used } from "./scene.ts";

// What the kernel writes where a page is mapped, or mapped differently.

/**
 * The access of a page that is so: nothing is mapped for use in a PROT_NONE VMA, or with the uffd bit where that means
 * read-write-protection; in a read-only VMA nothing is mapped for writing.
 */
export function accessFor(
  life: Life,
  { write, dirty }: Parts,
  uffdWp: boolean = decodedOf(life).uffdWp === true,
): PageAccess {
  if (!life.accessible || (life.rwp && uffdWp)) return dirty ? "none" : "noneRead";
  if (!write || life.readOnly) return dirty ? "protected" : "read";
  // Where the clean word is not described the dirty one stands for it: hardware makes the one of the other.
  return dirty || life.backend.present?.user?.clean === undefined ? "write" : "clean";
}

const partsHere = (life: Life): Parts => partsOf(accessOf(life.backend, life.pte));

/** pte_mkdirty() sets the soft-dirty bit as well, where there is one. */
export const ifSoftDirty = (life: Life): { softDirty?: true } =>
  softDirtyIsKept(life) ? { softDirty: true } : {};

/** pte_wrprotect() */
export const wrprotected = (life: Life): { access?: PageAccess } => ({
  access: accessFor(life, { ...partsHere(life), write: false }),
});

/** UFFDIO_WRITEPROTECT on, on a mapped page. */
export const protect = (life: Life): { access?: PageAccess; uffdWp: boolean } => ({
  ...wrprotected(life),
  uffdWp: true,
});

/**
 * change_pte_range() on a mapped page: pte_modify() to what the VMA promises, and the write bit where nothing else keeps it
 * off.
 */
export function reprotected(life: Life, how: "mprotect" | "uffd"): { access: PageAccess; uffdWp: boolean } {
  const decoded = decodedOf(life);
  const uffdWp = decoded.uffdWp === true && how !== "uffd";
  const { dirty } = partsHere(life);
  const write = promised(life, how) || upgrades(life, how, { dirty, uffdWp });
  return { access: accessFor(life, { dirty, write: write && life.accessible }, uffdWp), uffdWp };
}

export const childProtected = (life: Life): boolean => guarded(life) && life.features.includes("event-fork");

/** Both sides of a fork of private memory. */
export const sharedPte = (life: Life): bigint => changePresent(life.backend, life.pte, wrprotected(life));

/** Of the page, then: it is nobody's alone, and as dirty elsewhere as it was here. */
export const sharedPage = (life: Life): Change => ({
  exclusive: false,
  dirtyElsewhere: life.dirtyElsewhere || partsHere(life).dirty,
});

/** A page of shared memory in the child: clean, and as writable as it was; hugetlb copies the entry as it is. */
export function sharedMapping(life: Life): bigint {
  if (isHuge(life)) return life.pte;
  const access = accessFor(life, { ...partsHere(life), dirty: false });
  return changePresent(life.backend, life.pte, { access });
}

export const forChild = (life: Life, pte: bigint): bigint =>
  childProtected(life) ? pte : withoutUffdWp(life, pte);

export function withoutUffdWp(life: Life, pte: bigint): bigint {
  const decoded: AnyDecoded = life.backend.decode(pte);
  if (decoded.uffdWp !== true) return pte;
  if (decoded.kind === "present") {
    // What was read-write-protected becomes what the VMA promises.
    const { dirty } = partsOf(accessOf(life.backend, pte));
    const access = accessFor(life, { dirty, write: promised(life, "mprotect") }, false);
    return changePresent(life.backend, pte, { uffdWp: false, ...(life.rwp ? { access } : {}) });
  }
  return entryWith({ life, decoded }, { uffdWp: false });
}

/** move_soft_dirty_pte(); the 2021 proposal left its special PTE alone there, and hugetlb has nothing of the kind. */
export function softDirtied(scene: Scene): bigint {
  const { life, decoded } = scene;
  if (decoded.kind === "none" || isHuge(life) || !swpSoftDirty(life)) return life.pte;
  if (decoded.kind === "present") return changePresent(life.backend, life.pte, { softDirty: true });
  if (life.design.by !== "swap-type" && life.backend.isSpecialPte(life.pte, life.design)) return life.pte;
  return entryWith(scene, { softDirty: true });
}

interface Mapping extends Parts {
  readonly uffdWp?: boolean;
  /** Default: where it is dirty. */
  readonly softDirty?: boolean;
}

/** mk_pte() and what follows: a page of the model's choice. */
export function word(scene: Scene, { write, dirty, uffdWp = false, softDirty = dirty }: Mapping): bigint {
  const { life } = scene;
  return encodePresent(life.backend, {
    pfn: freshPfn(scene),
    access: accessFor(life, { write, dirty }, uffdWp),
    uffdWp,
    huge: isHuge(life) || life.huge,
    ...(softDirty ? ifSoftDirty(life) : {}),
  });
}

/** pte_mkspecial() of the zero page. */
export function zeroPage(scene: Scene, uffdWp: boolean): Change {
  const { life } = scene;
  const special = life.backend.present?.reads.special ?? [];
  const bit = special.reduce((bits, { mask, op, value }) => bits | (op === "==" ? value : mask), 0n);
  const pte = word(scene, { write: false, dirty: false, uffdWp }) | bit;
  return { ...used(life), pte, page: "zero", exclusive: false, lazyFree: false };
}

/** A page where there was none, for a reader. */
export function mappedForRead(scene: Scene, uffdWp: boolean): Change {
  const { life } = scene;
  // A huge zero page is not followed: use_zero_page is 0.
  if (life.huge) return mappedForWrite(scene, uffdWp);
  if (life.vma === "anonymous" || life.vma === "thp") return zeroPage(scene, uffdWp);
  // make_huge_pte() makes it writable and dirty at once, where the VMA may be written.
  const huge = isHuge(life);
  if (huge && isPrivate(life)) {
    const pte = word(scene, { write: false, dirty: false, uffdWp });
    return { ...used(life), pte, ...OWN, anonVma: true };
  }
  const write = (huge || promised(life, "mprotect")) && !uffdWp;
  // set_pte_range() takes dirty from the folio where the page is mapped for writing; that came between 6.12 and 7.2.
  const taken = write && life.pageDirty && life.file === "page" && atLeastRelease(life.backend, "7.0");
  const pte = word(scene, { write, dirty: (huge && !life.readOnly) || taken, uffdWp });
  const file = life.file === "hole" && life.vma.endsWith("shmem") ? "unwritten" : life.file;
  return { ...used(life), pte, page: "file", file: file === "hole" ? "page" : file, exclusive: false };
}

/** A page where there was none, for a writer. */
export function mappedForWrite(scene: Scene, uffdWp: boolean): Change {
  const { life } = scene;
  // hugetlb maps a page of its own for reading first, and writes it then.
  const dirty = !(uffdWp && life.vma === "private-hugetlb");
  const pte = word(scene, { write: !uffdWp, dirty, uffdWp });
  if (life.vma === "anonymous" || life.vma === "thp") return { ...used(life), pte, ...OWN, anonVma: true };
  if (isPrivate(life)) {
    const file = life.vma === "private-shmem" && life.file === "hole" ? "unwritten" : life.file;
    return { ...used(life), pte, ...OWN, anonVma: true, file };
  }
  // fault_dirty_shared_page()
  return {
    ...used(life),
    pte,
    page: "file",
    file: "page",
    exclusive: false,
    pageDirty: isTold(life),
  };
}

/** A page where there was none, from an ioctl: the PTE is dirty, and a page that is new not by itself. */
export function filled(scene: Scene, uffdWp: boolean): Change {
  const change = mappedForWrite(scene, uffdWp);
  const { backend, vma, file, pageDirty, accessible, readOnly } = scene.life;
  if (vma === "anonymous") return change;
  // Between 5.10 and 6.1 the PTE came to be dirty where the VMA may not be written as well; before, the page is.
  if ((!accessible || readOnly) && !atLeastRelease(backend, "5.14")) {
    const pte = word(scene, { write: false, dirty: false, uffdWp });
    return { ...change, pte, pageDirty: vma === "shmem" };
  }
  return { ...change, pageDirty: file === "page" && pageDirty };
}

/** copy_present_page(): the child gets a copy of a pinned page at once, and it is the child's own. */
export function copiedForChild(scene: Scene): Change {
  const { life, decoded } = scene;
  const uffdWp = decoded.uffdWp === true && childProtected(life);
  const pte = word(scene, { write: !uffdWp, dirty: true, uffdWp });
  return { ...used(life), pte, ...OWN };
}

/** A page of the process's own, from an ioctl, in a private mapping: the file is not touched. */
export function filledPrivately(scene: Scene, uffdWp: boolean): Change {
  const { life } = scene;
  const pte = word(scene, { write: !uffdWp, dirty: true, uffdWp });
  return { ...used(life), pte, ...OWN, anonVma: true };
}

/** A page of the file in a private mapping, from UFFDIO_CONTINUE: dirty, and read-only. */
export function continued(scene: Scene, uffdWp: boolean): Change {
  const pte = word(scene, { write: false, dirty: true, uffdWp });
  return { ...used(scene.life), pte, page: "file", exclusive: false, lazyFree: false };
}

/** A new page of the process's own. */
const OWN = {
  page: "anon",
  exclusive: true,
  lazyFree: false,
  pageDirty: false,
  dirtyElsewhere: false,
} as const;

/** Whether a write fault makes the page dirty by itself: where the page is the file's, and the mapping shared. */
const isTold = ({ vma }: Life): boolean => vma === "shmem" || vma === "file";

/** do_wp_page(): the page is used again, or copied where it is the zero page or shared. */
export function written(scene: Scene, change: { uffdWp?: boolean }): Change {
  const { life, decoded, pfn } = scene;
  const file =
    life.vma === "anonymous" || life.vma === "thp" || isPrivate(life) ? {} : { file: "page" as const };
  const told = isTold(life) ? { pageDirty: true } : {};
  const { write, dirty } = partsHere(life);
  // The CPU does it by itself, or next to it: no kernel function sets the soft-dirty bit.
  if (write) {
    const pte = changePresent(life.backend, life.pte, { access: accessFor(life, { write, dirty: true }) });
    return { ...file, pte: dirty ? life.pte : pte };
  }
  // Before 5.19 the page's count decides, which the PTE does not show: another frame tells that it was copied.
  const counted = pfn !== undefined && pfn !== decoded.pfn && !atLeastRelease(life.backend, "5.19");
  const whole =
    life.huge && pfn !== undefined && pfn === decoded.pfn && !atLeastRelease(life.backend, "5.19");
  const copies =
    life.page === "zero" ||
    life.page === "ksm" ||
    (life.page === "anon" && !whole && (!life.exclusive || counted)) ||
    (life.page === "file" && isPrivate(life));
  if (copies) {
    // A huge page that is not the process's own is split, and the page that is written copied.
    const small: Life = { ...life, huge: false };
    const pte = word({ ...scene, life: small }, { write: true, dirty: true });
    return { ...used(life), pte, ...OWN, anonVma: true, huge: false };
  }
  const access = accessFor(life, { write: true, dirty: true });
  const pte = changePresent(life.backend, life.pte, { access, ...ifSoftDirty(life), ...change });
  return { ...file, ...told, pte };
}

/** do_uffd_rwp(), asynchronously: the page becomes what the VMA promises, and the write goes on. */
export function resolvedAndWritten(scene: Scene): Change {
  const { life } = scene;
  const pte = changePresent(life.backend, life.pte, reprotected(life, "uffd"));
  const resolved: Life = { ...life, pte };
  return { pte, ...written({ ...scene, life: resolved, decoded: decodedOf(resolved) }, {}) };
}

/** do_swap_page(); a page that is not exclusive is copied before it is written. */
export function swappedIn(scene: Scene, writes: boolean, trapped: boolean): Change {
  const { life, decoded } = scene;
  const { softDirty = false, uffdWp = false } = decoded;
  const manual = atLeastRelease(life.backend, "6.11");
  const keeps = uffdWp && (!writes || trapped);
  const write =
    !keeps && (writes ? !trapped : manual && life.exclusive && !needsSoftDirtyWp(life, softDirty));
  const dirty = writes && (!trapped || (!manual && life.exclusive));
  const map = { write, dirty, uffdWp: keeps, softDirty: softDirty || dirty };
  return {
    ...used(life),
    pte: word(scene, map),
    page: "anon",
    exclusive: life.exclusive || (writes && !trapped),
    lazyFree: false,
    pageDirty: true,
  };
}

/** A write to an exclusive page whose bit was left behind: it keeps the bit, and gets the write bit beside it. */
export function swappedInLeft(scene: Scene): Change {
  const map = { write: true, dirty: true, uffdWp: true };
  return { ...used(scene.life), pte: word(scene, map), page: "anon", exclusive: true, lazyFree: false };
}

/** unuse_pte(): old, clean and read-only; before 5.19 what the swap PTE's flags said is lost. */
export function unused(scene: Scene): Change {
  const { life, decoded } = scene;
  const kept = atLeastRelease(life.backend, "5.19");
  const { softDirty = false, uffdWp = false } = decoded;
  const map = { write: false, dirty: false, uffdWp: kept && uffdWp, softDirty: kept && softDirty };
  return { ...used(life), pte: word(scene, map), page: "anon", lazyFree: false, pageDirty: true };
}

/** remove_migration_pte() */
export function migrated(scene: Scene): Change {
  const { life, decoded } = scene;
  const writable = decoded.access === "write";
  const uffdWp = decoded.uffdWp === true && !writable;
  // Between 6.1 and 6.12 it stopped taking the write bit from what the VMA promises.
  const write = writable || (!uffdWp && promised(life, "mprotect") && atLeastRelease(life.backend, "6.2"));
  const dirty = decoded.dirty === true;
  // Up to 6.1 pte_mkdirty() comes last, and sets the soft-dirty bit.
  const marked = dirty && !atLeastRelease(life.backend, "6.2");
  const map = { write, dirty, uffdWp, softDirty: decoded.softDirty === true || marked };
  const anonymous = life.page === "anon" || life.page === "ksm";
  return {
    ...used(life),
    pte: word(scene, map),
    page: life.page,
    exclusive: anonymous && decoded.access !== "read",
    pageDirty: life.pageDirty || dirty,
  };
}

/** move_present_ptes(): a new PTE, writable, as dirty as the old one was. */
export function movedPage(scene: Scene): Change {
  const { life, decoded } = scene;
  // What comes to a VMA that is registered for read-write-protection is protected, whatever it was.
  const uffdWp = life.rwp;
  if (life.page === "zero") return zeroPage({ ...scene, pfn: decoded.pfn ?? 0n }, uffdWp);
  const { dirty } = partsHere(life);
  const access = accessFor(life, { write: true, dirty }, uffdWp);
  // pte_mksoft_dirty() came after 6.8, and in the stable trees: 6.12.117 has it.
  const softDirty = dirty || atLeastRelease(life.backend, "6.12");
  return {
    pte: changePresent(life.backend, life.pte, {
      access,
      ...(softDirtyIsKept(life) ? { softDirty } : {}),
      ...(uffdWp || decoded.uffdWp === true ? { uffdWp } : {}),
    }),
  };
}

/** __split_huge_pmd_locked(): each PTE says what the PMD said; up to 6.1 dirty became the pages'. */
export function split(scene: Scene): Change {
  const { life, decoded } = scene;
  const { write, dirty } = partsHere(life);
  const { softDirty = false, uffdWp = false, pfn } = decoded;
  const kept = dirty && atLeastRelease(life.backend, "6.2");
  const small: Life = { ...life, huge: false };
  const from: Scene = { ...scene, life: small, ...(pfn === undefined ? {} : { pfn }) };
  const pte = word(from, { write, dirty: kept, uffdWp, softDirty: softDirty || kept });
  return { pte, huge: false, pageDirty: life.pageDirty || dirty };
}

/** wp_huge_pmd() with UFFD_FEATURE_WP_ASYNC: the PMD is split, and the one PTE loses its protection. */
export function splitAndWritten(scene: Scene): Change {
  const change = split(scene);
  const life: Life = { ...scene.life, ...change };
  return { ...change, ...written({ ...scene, life, decoded: decodedOf(life) }, { uffdWp: false }) };
}

/** replace_page() of mm/ksm.c: a page of KSM's, mapped as the VMA promises; it has no word of uffd-wp. */
export function merged(scene: Scene): Change {
  const { life } = scene;
  const pte = word(scene, { write: false, dirty: false });
  return { ...used(life), pte, page: "ksm", exclusive: false, lazyFree: false, pageDirty: true };
}

/** break_ksm(): the process gets a page of its own again; up to 6.1 by a fault for writing. */
export function unmerged(scene: Scene): Change {
  const { life, decoded } = scene;
  const written = !atLeastRelease(life.backend, "6.2");
  const { softDirty = false, uffdWp = false } = decoded;
  const map = { write: written, dirty: written, uffdWp, softDirty: softDirty || written };
  return { ...used(life), pte: word(scene, map), page: "anon", exclusive: true, pageDirty: false };
}

/** madvise_free_pte_range(): the page stays where it is, old and clean. */
export function freed(scene: Scene): Change {
  const { life } = scene;
  const access = accessFor(life, { ...partsHere(life), dirty: false });
  return { pte: changePresent(life.backend, life.pte, { access }), lazyFree: true, pageDirty: false };
}

/** migrate_to_ram() maps a page of memory again, then the access is tried again. */
export function fromDevice(scene: Scene, writes: boolean, trapped: boolean): Change {
  const { life, decoded } = scene;
  const write = decoded.access === "write" || (writes && !trapped);
  const dirty = writes || decoded.access === "write";
  const uffdWp = decoded.uffdWp === true && !write;
  const softDirty = decoded.softDirty === true || (writes && !trapped);
  return {
    ...used(life),
    pte: word(scene, { write, dirty, uffdWp, softDirty }),
    page: "anon",
    exclusive: life.exclusive || (writes && !trapped),
    lazyFree: false,
  };
}
