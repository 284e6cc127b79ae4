import { changePresent, emptyPte } from "@ptekit/core";
import {
  entryWith,
  gone,
  markerWord,
  migrate,
  poisonWord,
  readable,
  shared,
  swapOut,
  toDevice,
} from "./entries.ts";
import {
  childWp,
  forChild,
  fromDevice,
  ifSoftDirty,
  keepsUffdWp,
  mapped,
  migrated,
  mprotected,
  protect,
  sharedPage,
  softDirtied,
  swappedIn,
  unprotect,
  usable,
  withoutUffdWp,
  written,
  wrprotected,
} from "./pages.ts";
import type { Change, Scene } from "./scene.ts";
import { pfnOf } from "./scene.ts";

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
