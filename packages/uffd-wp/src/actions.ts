import type { Decoded, PageAccess, PfnKind, SwapEntry } from "@ptekit/core";
import {
  accessOf,
  changePresent,
  emptyPte,
  encodePresent,
  type MarkerName,
  PtekitError,
  rowsOf,
  typeNumber,
} from "@ptekit/core";
import { atLeastRelease } from "./kernel.js";
import type { Life } from "./life.js";

/** What an action starts from. */
export interface Scene {
  readonly life: Life;
  readonly decoded: Decoded;
  /** What the event was given; the model counts up where it was given nothing. */
  readonly pfn?: bigint;
  readonly slot?: { readonly type: number; readonly offset: bigint };
}

/** What the kernel does with a PTE. */
export type Action =
  | "keep"
  | "clear"
  | "special"
  | "poison"
  | "guard"
  | "hwpoison"
  | "protect-page"
  | "protect-entry"
  | "mark-entry"
  | "unprotect-page"
  | "unprotect-entry"
  | "map-read"
  | "map-read-wp"
  | "map-write"
  | "map-write-wp"
  | "map-zero-page"
  | "write-page"
  | "write-page-async"
  | "swap-out"
  | "swap-in-read"
  | "swap-in-write"
  | "swap-in-write-wp"
  | "migrate"
  | "migrate-end"
  | "to-device"
  | "from-device-read"
  | "from-device-write"
  | "from-device-write-wp"
  | "share-page"
  | "share-page-child"
  | "copy-file-page-child"
  | "share-entry"
  | "share-entry-child"
  | "copy-special"
  | "copy-marker"
  | "remap"
  | "remap-unprotect"
  | "mprotect-page"
  | "mprotect-entry"
  | "clear-soft-dirty-page"
  | "clear-soft-dirty-entry"
  | "move-page";

type Change = Partial<Life>;

/** What the kernel does with the PTE: the name in the table, and the words it makes. */
const actions: Readonly<Record<Action, (scene: Scene) => Change>> = {
  keep: () => ({}),
  clear: ({ life }) => gone(emptyPte(life.backend.layout)),
  special: ({ life }) => gone(life.backend.specialPte("uffd-wp", life.design)),
  poison: (scene) => gone(poisonWord(scene)),
  guard: ({ life }) => gone(markerWord(life, "guard")),
  hwpoison: (scene) => gone(scene.life.backend.encodePfn("hwpoison", pfnOf(scene))),

  "protect-page": ({ life }) => ({ pte: changePresent(life.backend, life.pte, protect(life)) }),
  "protect-entry": (scene) => ({ pte: entryWith(readable(scene), { uffdWp: true }) }),
  "mark-entry": (scene) => ({ pte: entryWith(scene, { uffdWp: true }) }),
  "unprotect-page": ({ life }) => ({ pte: changePresent(life.backend, life.pte, unprotect(life)) }),
  "unprotect-entry": (scene) => ({ pte: entryWith(scene, { uffdWp: false }) }),

  "map-read": (scene) => mapped(scene, { access: "read" }),
  "map-read-wp": (scene) => mapped(scene, { access: "read", uffdWp: true }),
  "map-write": (scene) => mapped(scene, { access: "write" }),
  "map-write-wp": (scene) => mapped(scene, { access: "protected", uffdWp: true }),
  "map-zero-page": (scene) => ({ ...mapped(scene, { access: "read" }), page: "zero", exclusive: false }),
  "write-page": (scene) => written(scene, {}),
  "write-page-async": (scene) => written(scene, { uffdWp: false }),

  "swap-out": swapOut,
  "swap-in-read": (scene) => swappedIn(scene, "read", scene.decoded.uffdWp === true),
  "swap-in-write": (scene) => swappedIn(scene, "write", false),
  "swap-in-write-wp": (scene) => swappedIn(scene, "protected", true),

  migrate: migrate,
  "migrate-end": migrated,
  "to-device": toDevice,
  "from-device-read": (scene) => fromDevice(scene, "read", scene.decoded.uffdWp === true),
  "from-device-write": (scene) => fromDevice(scene, "write", false),
  "from-device-write-wp": (scene) => fromDevice(scene, "protected", true),

  "share-page": ({ life }) => ({ pte: sharedPage(life), exclusive: false }),
  "share-page-child": ({ life }) => ({ pte: forChild(life, sharedPage(life)), exclusive: false }),
  "copy-file-page-child": ({ life }) => ({
    pte: forChild(life, changePresent(life.backend, life.pte, { access: usable(life, "read") })),
  }),
  "share-entry": (scene) => ({ pte: entryWith(shared(scene), { exclusive: false }), exclusive: false }),
  "share-entry-child": (scene) => ({
    pte: entryWith(shared(scene), {
      exclusive: false,
      uffdWp: scene.decoded.uffdWp === true && childWp(scene.life),
    }),
    exclusive: false,
  }),

  "copy-special": ({ life }) => ({ pte: life.backend.specialPte("uffd-wp", life.design) }),
  "copy-marker": (scene) => ({
    pte: entryWith(scene, { exclusive: false, softDirty: false, uffdWp: false }),
  }),

  remap: (scene) => ({ pte: softDirtied(scene) }),
  "remap-unprotect": (scene) => ({ pte: withoutUffdWp(scene.life, softDirtied(scene)) }),
  "mprotect-page": ({ life }) => ({
    pte: changePresent(life.backend, life.pte, { access: mprotected(life) }),
  }),
  "mprotect-entry": (scene) => ({ pte: entryWith(readable(scene), {}) }),
  "clear-soft-dirty-page": ({ life }) => ({
    pte: changePresent(life.backend, life.pte, { softDirty: false, ...wrprotected(life) }),
  }),
  "clear-soft-dirty-entry": (scene) => ({ pte: entryWith(scene, { softDirty: false }) }),
  "move-page": ({ life }) => ({
    pte: changePresent(life.backend, life.pte, {
      access: life.page === "zero" ? usable(life, "read") : usable(life, "write"),
      ...(life.page === "zero" ? {} : ifSoftDirty(life)),
      ...(keepsUffdWp(life) ? { uffdWp: false } : {}),
    }),
  }),
};

/** What the action makes of the life. */
export const perform = (action: Action, scene: Scene): Change => actions[action](scene);

const gone = (pte: bigint): Change => ({ pte, page: "none", exclusive: false });

/** A marker that is not uffd-wp: only the swap type has room for it. */
const markerWord = (life: Life, marker: MarkerName): bigint => life.backend.specialPte(marker, life.design);

/** make_poisoned_swp_entry(), which was a swap type of its own in 5.19 and a marker under another name up to 6.5. */
function poisonWord(scene: Scene): bigint {
  const { backend } = scene.life;
  if (typeNumber(backend.types, "swapin-error") !== undefined) {
    return backend.encodePfn("swapin-error", freshPfn(scene));
  }
  const name = backend.types.markers.some((marker) => marker.name === "swapin-error")
    ? "swapin-error"
    : "poisoned";
  return markerWord(scene.life, name);
}

/** In a PROT_NONE VMA nothing is mapped for use. */
function usable(life: Life, access: PageAccess): PageAccess {
  if (life.accessible) return access;
  return access === "read" ? "noneRead" : "none";
}

const wrprotected = (life: Life): { access?: PageAccess } =>
  accessOf(life.backend, life.pte) === "write" ? { access: "protected" } : {};

const protect = (life: Life): { access?: PageAccess; uffdWp: boolean } => ({
  ...wrprotected(life),
  uffdWp: true,
});

/** The write bit comes back at once where no other reason keeps it off: can_change_pte_writable(). */
function unprotect(life: Life): { access?: PageAccess; uffdWp: boolean } {
  const returns =
    life.page === "file" || (life.page === "anon" && life.exclusive && atLeastRelease(life.backend, "6.3"));
  const written = accessOf(life.backend, life.pte) === "protected";
  return { uffdWp: false, ...(returns && written && life.accessible ? { access: "write" } : {}) };
}

const keepsUffdWp = (life: Life): boolean => life.backend.decode(life.pte).uffdWp === true;
const childWp = (life: Life): boolean => life.wp && life.features.includes("event-fork");

const ifSoftDirty = (life: Life): { softDirty?: true } =>
  life.backend.present?.fields.some((row) => row.kind === "softDirty") === true ? { softDirty: true } : {};

const swpSoftDirty = (life: Life): boolean => rowsOf(life.backend.layout, "softDirty").length > 0;

/** The PTE as a swap entry with some of it changed. */
function entryWith({ life, decoded }: Scene, change: Partial<SwapEntry>): bigint {
  const { type, offset, exclusive = false, softDirty = false, uffdWp = false } = decoded;
  if (type === undefined || offset === undefined) {
    throw new PtekitError("IMPOSSIBLE_EVENT", `${life.backend.layout.id}: the PTE holds no swap entry`);
  }
  return life.backend.encode({ type, offset, exclusive, softDirty, uffdWp, ...change });
}

/** The same entry under another type. */
function retyped(scene: Scene, kind: PfnKind): Scene {
  const type = typeNumber(scene.life.backend.types, kind);
  return type === undefined ? scene : { ...scene, decoded: { ...scene.decoded, type } };
}

/** A writable migration or device entry made readable, as change_pte_range() does. */
function readable(scene: Scene): Scene {
  const { life, decoded } = scene;
  if (decoded.access !== "write") return scene;
  if (decoded.kind === "device-private") return retyped(scene, "device-private-read");
  const exclusive = typeNumber(life.backend.types, "migration-read-exclusive") !== undefined;
  return retyped(scene, life.page === "file" || !exclusive ? "migration-read" : "migration-read-exclusive");
}

/** The same for both sides of a fork: nothing stays exclusive. */
function shared(scene: Scene): Scene {
  if (scene.decoded.kind === "migration" && scene.decoded.access !== "read") {
    return scene.life.page === "file" ? scene : retyped(scene, "migration-read");
  }
  return readable(scene);
}

const sharedPage = (life: Life): bigint => changePresent(life.backend, life.pte, wrprotected(life));

const forChild = (life: Life, pte: bigint): bigint => (childWp(life) ? pte : withoutUffdWp(life, pte));

function withoutUffdWp(life: Life, pte: bigint): bigint {
  const decoded = life.backend.decode(pte);
  if (decoded.uffdWp !== true) return pte;
  if (decoded.kind === "present") return changePresent(life.backend, pte, { uffdWp: false });
  return entryWith({ life, decoded }, { uffdWp: false });
}

/** move_soft_dirty_pte(); the 2021 proposal left its special PTE alone there, and hugetlb has nothing of the kind. */
function softDirtied(scene: Scene): bigint {
  const { life, decoded } = scene;
  if (decoded.kind === "none" || life.vma === "hugetlb" || !swpSoftDirty(life)) return life.pte;
  if (decoded.kind === "present") return changePresent(life.backend, life.pte, { softDirty: true });
  if (life.design.by === "bit" && life.backend.isSpecialPte(life.pte, life.design)) return life.pte;
  return entryWith(scene, { softDirty: true });
}

function mprotected(life: Life): PageAccess {
  const access = accessOf(life.backend, life.pte);
  if (access === "none") return "protected";
  if (access === "noneRead") return "read";
  return access === "read" ? "noneRead" : "none";
}

/** A page frame that the event was given, or the next one. */
const freshPfn = ({ life, pfn }: Scene): bigint => pfn ?? life.nextPfn;

/** The page frame that the PTE holds. */
function pfnOf({ life, decoded }: Scene): bigint {
  if (decoded.pfn !== undefined) return decoded.pfn;
  throw new PtekitError("NO_PRESENT_LAYOUT", `${life.backend.layout.id}: present PTEs are not described`);
}

const step = (life: Life): bigint => (life.vma === "hugetlb" ? 0x200n : 1n);

const used = (life: Life): Change => ({ nextPfn: life.nextPfn + step(life) });

interface Mapping {
  readonly access: PageAccess;
  readonly uffdWp?: boolean;
  readonly softDirty?: boolean;
}

/** mk_pte() and what follows: a page of the model's choice, dirty where it is mapped for writing. */
function word(scene: Scene, { access, uffdWp = false, softDirty }: Mapping): bigint {
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
function mapped(scene: Scene, mapping: Mapping): Change {
  const { life } = scene;
  const pte = word(scene, mapping);
  if (life.vma !== "anonymous") return { ...used(life), pte, page: "file", file: "page", exclusive: false };
  if (mapping.access === "read") return { ...used(life), pte, page: "zero", exclusive: false };
  return { ...used(life), pte, page: "anon", exclusive: true };
}

/** do_wp_page(): the page is used again, or copied where it is the zero page or shared. */
function written(scene: Scene, change: { uffdWp?: boolean }): Change {
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

function swapOut({ life, decoded, slot }: Scene): Change {
  const { type, offset } = slot ?? { type: 0, offset: life.nextOffset };
  const pte = life.backend.encode({
    type,
    offset,
    exclusive: life.exclusive && rowsOf(life.backend.layout, "exclusive").length > 0,
    softDirty: decoded.softDirty === true && swpSoftDirty(life),
    uffdWp: decoded.uffdWp === true,
  });
  return { pte, page: "none", nextOffset: life.nextOffset + 1n };
}

/** do_swap_page(); a page that is not exclusive is copied before it is written. */
function swappedIn(scene: Scene, access: PageAccess, uffdWp: boolean): Change {
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

function migrate(scene: Scene): Change {
  const { life, decoded } = scene;
  const { types, kernel } = life.backend;
  const access = accessOf(life.backend, life.pte);
  const exclusive = life.exclusive && typeNumber(types, "migration-read-exclusive") !== undefined;
  const kind =
    access === "write" ? "migration-write" : exclusive ? "migration-read-exclusive" : "migration-read";
  const dirty = access !== "read" && access !== "noneRead";
  const pte = life.backend.encodePfn(kind, pfnOf(scene), {
    ...(kernel.migrationAd === true ? { young: true, dirty } : {}),
    softDirty: decoded.softDirty === true && swpSoftDirty(life),
    uffdWp: decoded.uffdWp === true,
  });
  return { pte };
}

function migrated(scene: Scene): Change {
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

function toDevice(scene: Scene): Change {
  const { life, decoded } = scene;
  const writable = accessOf(life.backend, life.pte) === "write";
  const pte = life.backend.encodePfn(
    writable ? "device-private-write" : "device-private-read",
    freshPfn(scene),
    {
      softDirty: decoded.softDirty === true && swpSoftDirty(life),
      uffdWp: decoded.uffdWp === true,
    },
  );
  return { ...used(life), pte };
}

/** migrate_to_ram() maps a page of memory again, then the access is tried again. */
function fromDevice(scene: Scene, access: PageAccess, uffdWp: boolean): Change {
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
