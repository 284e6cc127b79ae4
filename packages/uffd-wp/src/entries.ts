import type { MarkerName, PfnKind, SwapEntry } from "@ptekit/core";
import { accessOf, PtekitError, rowsOf, typeNumber } from "@ptekit/core";
import { goesAs, type Life } from "./life.ts";
import { partsOf } from "./parts.ts";
import type { Change, Scene } from "./scene.ts";
import { freshPfn, pfnOf, swpSoftDirty, used } from "./scene.ts";

/** The page is no longer mapped; of a page of shmem the PTE's dirty bit becomes the page's. */
export const gone = ({ life }: Scene, pte: bigint): Change => ({
  ...unmapped(pte),
  ...(goesAs(life) === "shmem" && partsOf(accessOf(life.backend, life.pte)).dirty ? { pageDirty: true } : {}),
});

/** Nothing was ever mapped here. */
export const unmapped = (pte: bigint): Change => ({ pte, page: "none", exclusive: false, lazyFree: false });

/** A marker that is not uffd-wp: only the swap type has room for it. */
export const markerWord = (life: Life, marker: MarkerName): bigint =>
  life.backend.specialPte(marker, life.design);

/** make_poisoned_swp_entry(), which was a swap type of its own in 5.19 and a marker under another name up to 6.5. */
export function poisonWord(scene: Scene): bigint {
  const { backend } = scene.life;
  if (typeNumber(backend.types, "swapin-error") !== undefined) {
    return backend.encodePfn("swapin-error", freshPfn(scene));
  }
  const name = backend.types.markers.some((marker) => marker.name === "swapin-error")
    ? "swapin-error"
    : "poisoned";
  return markerWord(scene.life, name);
}

/** The PTE as a swap entry with some of it changed. */
export function entryWith({ life, decoded }: Scene, change: Partial<SwapEntry>): bigint {
  const { type, offset, exclusive = false, softDirty = false, uffdWp = false } = decoded;
  if (type === undefined || offset === undefined) {
    throw new PtekitError("IMPOSSIBLE_EVENT", `${life.backend.layout.id}: the PTE holds no swap entry`);
  }
  return life.backend.encode({ type, offset, exclusive, softDirty, uffdWp, ...change });
}

/** The same entry under another type. */
export function retyped(scene: Scene, kind: PfnKind): Scene {
  const type = typeNumber(scene.life.backend.types, kind);
  return type === undefined ? scene : { ...scene, decoded: { ...scene.decoded, type } };
}

/** A writable migration or device entry made readable, as change_pte_range() does. */
export function readable(scene: Scene): Scene {
  const { life, decoded } = scene;
  if (decoded.access !== "write") return scene;
  if (decoded.kind === "device-private") return retyped(scene, "device-private-read");
  const exclusive = typeNumber(life.backend.types, "migration-read-exclusive") !== undefined;
  return retyped(scene, life.page === "file" || !exclusive ? "migration-read" : "migration-read-exclusive");
}

/** A writable device entry that is made readable loses its soft-dirty bit: "we do not preserve soft-dirtiness". */
export const rebuilt = ({ decoded }: Scene): Partial<SwapEntry> =>
  decoded.kind === "device-private" && decoded.access === "write" ? { softDirty: false } : {};

/** The same for both sides of a fork: nothing stays exclusive. */
export function shared(scene: Scene): Scene {
  if (scene.decoded.kind === "migration" && scene.decoded.access !== "read") {
    return scene.life.page === "file" ? scene : retyped(scene, "migration-read");
  }
  return readable(scene);
}

export function swapOut({ life, decoded, slot }: Scene): Change {
  const { type, offset } = slot ?? { type: 0, offset: life.nextOffset };
  const pte = life.backend.encode({
    type,
    offset,
    exclusive: life.exclusive && rowsOf(life.backend.layout, "exclusive").length > 0,
    softDirty: decoded.softDirty === true && swpSoftDirty(life),
    uffdWp: decoded.uffdWp === true,
  });
  return { pte, page: "none", lazyFree: false, nextOffset: life.nextOffset + 1n };
}

export function migrate(scene: Scene): Change {
  const { life, decoded } = scene;
  const { types, kernel } = life.backend;
  const { write, dirty } = partsOf(accessOf(life.backend, life.pte));
  const exclusive = life.exclusive && typeNumber(types, "migration-read-exclusive") !== undefined;
  const kind = write ? "migration-write" : exclusive ? "migration-read-exclusive" : "migration-read";
  const pte = life.backend.encodePfn(kind, pfnOf(scene), {
    ...(kernel.migrationAd === true ? { young: true, dirty } : {}),
    softDirty: decoded.softDirty === true && swpSoftDirty(life),
    uffdWp: decoded.uffdWp === true,
  });
  return { pte };
}

export function toDevice(scene: Scene): Change {
  const { life, decoded } = scene;
  const writable = partsOf(accessOf(life.backend, life.pte)).write;
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
