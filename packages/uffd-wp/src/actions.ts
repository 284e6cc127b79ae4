import { accessOf, changePresent, emptyPte } from "@ptekit/core";
import {
  entryWith,
  gone,
  markerWord,
  migrate,
  poisonWord,
  readable,
  rebuilt,
  shared,
  swapOut,
  toDevice,
  unmapped,
} from "./entries.ts";
import { atLeastRelease } from "./kernel.ts";
import { decodedOf, type Life } from "./life.ts";
import {
  accessFor,
  childProtected,
  continued,
  copiedForChild,
  filled,
  filledPrivately,
  forChild,
  freed,
  fromDevice,
  mappedForRead,
  mappedForWrite,
  merged,
  migrated,
  movedPage,
  protect,
  reprotected,
  resolvedAndWritten,
  sharedMapping,
  sharedPage,
  sharedPte,
  softDirtied,
  split,
  splitAndWritten,
  swappedIn,
  swappedInLeft,
  unmerged,
  unused,
  withoutUffdWp,
  written,
  wrprotected,
  zeroPage,
} from "./pages.ts";
import { partsOf } from "./parts.ts";
import type { Change, Scene } from "./scene.ts";
import { pfnOf } from "./scene.ts";

/** What the kernel does with a PTE. */
export type Action =
  | "keep"
  | "clear"
  | "not-copied"
  | "special"
  | "poison"
  | "guard"
  | "hwpoison"
  | "protect-page"
  | "rwprotect-page"
  | "protect-entry"
  | "mark-entry"
  | "unprotect-page"
  | "unprotect-entry"
  | "map-read"
  | "map-read-wp"
  | "map-write"
  | "map-write-wp"
  | "fill"
  | "fill-wp"
  | "fill-private"
  | "fill-private-wp"
  | "continue-private"
  | "continue-private-wp"
  | "map-rwp"
  | "map-zero-page"
  | "write-page"
  | "write-page-async"
  | "resolve-and-write"
  | "split-and-write"
  | "swap-out"
  | "split"
  | "swap-in-read"
  | "swap-in-write"
  | "swap-in-write-wp"
  | "swap-in-write-left"
  | "unuse"
  | "migrate"
  | "migrate-unprotect"
  | "migrate-end"
  | "to-device"
  | "from-device-read"
  | "from-device-write"
  | "from-device-write-wp"
  | "share-page"
  | "share-page-child"
  | "copy-file-page-child"
  | "copy-private-child"
  | "copy-pinned"
  | "share-entry"
  | "share-entry-child"
  | "copy-special"
  | "copy-marker"
  | "remap"
  | "remap-unprotect"
  | "mprotect-none-page"
  | "mprotect-read-page"
  | "mprotect-write-page"
  | "mprotect-entry"
  | "mprotect-entry-unprotect"
  | "clear-soft-dirty-page"
  | "clear-soft-dirty-entry"
  | "move-page"
  | "move-entry-rwp"
  | "merge-page"
  | "free-page";

/** What the kernel does with the PTE: the name in the table, and the words it makes. */
const actions: Readonly<Record<Action, (scene: Scene) => Change>> = {
  keep: () => ({}),
  clear: (scene) => gone(scene, emptyPte(scene.life.backend.layout)),
  "not-copied": ({ life }) => unmapped(emptyPte(life.backend.layout)),
  special: (scene) => gone(scene, scene.life.backend.specialPte("uffd-wp", scene.life.design)),
  poison: (scene) => gone(scene, poisonWord(scene)),
  guard: (scene) => gone(scene, markerWord(scene.life, "guard")),
  hwpoison: (scene) => gone(scene, scene.life.backend.encodePfn("hwpoison", pfnOf(scene))),

  "protect-page": ({ life }) => ({ pte: changePresent(life.backend, life.pte, protect(life)) }),
  "rwprotect-page": ({ life }) => ({
    pte: changePresent(life.backend, life.pte, {
      access: accessFor(life, { ...partsOf(accessOf(life.backend, life.pte)), write: false }, true),
      uffdWp: true,
    }),
  }),
  "protect-entry": (scene) => ({ pte: entryWith(readable(scene), { ...rebuilt(scene), uffdWp: true }) }),
  "mark-entry": (scene) => ({ pte: entryWith(scene, { uffdWp: true }) }),
  "unprotect-page": ({ life }) => ({ pte: changePresent(life.backend, life.pte, reprotected(life, "uffd")) }),
  "unprotect-entry": (scene) => ({ pte: entryWith(scene, { uffdWp: false }) }),

  "map-read": (scene) => mappedForRead(scene, false),
  // A marker means write-protection, even where the VMA is registered for the other.
  "map-read-wp": (scene) => mappedForRead({ ...scene, life: { ...scene.life, rwp: false } }, true),
  "map-write": (scene) => mappedForWrite(scene, false),
  "map-write-wp": (scene) => mappedForWrite(scene, true),
  fill: (scene) => filled(scene, false),
  "fill-wp": (scene) => filled(scene, true),
  "fill-private": (scene) => filledPrivately(scene, false),
  "fill-private-wp": (scene) => filledPrivately(scene, true),
  "continue-private": (scene) => continued(scene, false),
  "continue-private-wp": (scene) => continued(scene, true),
  "map-zero-page": (scene) => ({ ...zeroPage(scene, false), anonVma: true }),
  "write-page": (scene) => written(scene, {}),
  "write-page-async": (scene) => written(scene, { uffdWp: false }),

  "split-and-write": splitAndWritten,
  "resolve-and-write": resolvedAndWritten,
  "map-rwp": (scene) => mappedForWrite(scene, true),

  "swap-out": swapOut,
  split,
  "swap-in-read": (scene) => swappedIn(scene, false, false),
  "swap-in-write": (scene) => swappedIn(scene, true, false),
  "swap-in-write-wp": (scene) => swappedIn(scene, true, true),
  "swap-in-write-left": swappedInLeft,
  unuse: unused,

  migrate: migrate,
  "migrate-unprotect": (scene) => migrate({ ...scene, decoded: { ...scene.decoded, uffdWp: false } }),
  "migrate-end": migrated,
  "to-device": toDevice,
  "from-device-read": (scene) => fromDevice(scene, false, false),
  "from-device-write": (scene) => fromDevice(scene, true, false),
  "from-device-write-wp": (scene) => fromDevice(scene, true, true),

  "share-page": ({ life }) => ({ ...sharedPage(life), pte: sharedPte(life) }),
  "share-page-child": ({ life }) => ({ ...sharedPage(life), pte: forChild(life, sharedPte(life)) }),
  "copy-file-page-child": ({ life }) => ({
    pte: forChild(life, sharedMapping(life)),
  }),
  "copy-private-child": ({ life }) => ({ pte: forChild(life, life.pte) }),
  "copy-pinned": copiedForChild,
  "share-entry": (scene) => ({
    pte: entryWith(shared(scene), { ...rebuilt(scene), exclusive: false }),
    exclusive: false,
  }),
  "share-entry-child": (scene) => ({
    pte: entryWith(shared(scene), {
      ...rebuilt(scene),
      exclusive: false,
      uffdWp: scene.decoded.uffdWp === true && childProtected(scene.life),
    }),
    exclusive: false,
  }),

  "copy-special": ({ life }) => ({ pte: life.backend.specialPte("uffd-wp", life.design) }),
  "copy-marker": (scene) => ({
    pte: entryWith(scene, { exclusive: false, softDirty: false, uffdWp: false }),
  }),

  remap: (scene) => remapped(scene, (_, pte) => pte),
  "remap-unprotect": (scene) => remapped(scene, withoutUffdWp),
  "mprotect-none-page": ({ life }) => mprotectedPage({ ...life, accessible: false, readOnly: false }),
  "mprotect-read-page": ({ life }) => mprotectedPage({ ...life, accessible: true, readOnly: true }),
  "mprotect-write-page": ({ life }) => mprotectedPage({ ...life, accessible: true, readOnly: false }),
  "mprotect-entry": (scene) => ({ pte: entryWith(readable(scene), rebuilt(scene)) }),
  "mprotect-entry-unprotect": (scene) => ({ pte: entryWith(readable(scene), { uffdWp: false }) }),
  "clear-soft-dirty-page": ({ life }) => ({
    pte: changePresent(life.backend, life.pte, { softDirty: false, ...wrprotected(life) }),
  }),
  "clear-soft-dirty-entry": (scene) => ({ pte: entryWith(scene, { softDirty: false }) }),
  "move-page": movedPage,
  "move-entry-rwp": (scene) => {
    const pte = softDirtied(scene);
    const decoded = scene.life.backend.decode(pte);
    return { pte: entryWith({ ...scene, decoded }, { uffdWp: true }) };
  },
  "merge-page": merged,
  "free-page": freed,
};

/** mremap() unmerges a page of KSM's before it moves it; up to 6.1 by a write, which PROT_NONE and uffd-wp stop. */
function remapped(scene: Scene, finish: (life: Life, pte: bigint) => bigint): Change {
  const { life, decoded } = scene;
  const trapped = decoded.uffdWp === true && life.wp;
  const found = (life.accessible && !trapped) || atLeastRelease(life.backend, "6.2");
  if (life.page !== "ksm" || decoded.kind !== "present" || !found)
    return { pte: finish(life, softDirtied(scene)) };
  const change = unmerged(scene);
  const own: Life = { ...life, ...change };
  return { ...change, pte: finish(own, softDirtied({ ...scene, life: own, decoded: decodedOf(own) })) };
}

function mprotectedPage(life: Life): Change {
  const { access, uffdWp } = reprotected(life, "mprotect");
  const kept = decodedOf(life).uffdWp === undefined ? {} : { uffdWp };
  return { pte: changePresent(life.backend, life.pte, { access, ...kept }) };
}

/** What the action makes of the life. */
export const perform = (action: Action, scene: Scene): Change => actions[action](scene);
