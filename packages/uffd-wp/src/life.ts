import type { AnyDecoded, ArchBackend, SpecialPteOptions } from "@ptekit/core";
import { accessOf, emptyPte, hex, PtekitError, rowsOf } from "@ptekit/core";
import { atLeastRelease, requireUffdWp } from "./kernel.ts";
import { partsOf } from "./parts.ts";
import type { FeatureName, State, VmaKind } from "./vocabulary.ts";
import { FEATURES, VMA_KINDS } from "./vocabulary.ts";

/** One PTE, and what the kernel knows of its VMA and page. */
export interface Life {
  readonly backend: ArchBackend;
  /** How the special PTE is made. */
  readonly design: SpecialPteOptions;
  readonly vma: VmaKind;
  readonly features: readonly FeatureName[];
  readonly pte: bigint;
  /** VM_UFFD_WP */
  readonly wp: boolean;
  /** VM_UFFD_MISSING */
  readonly missing: boolean;
  /** VM_UFFD_MINOR */
  readonly minor: boolean;
  /** VM_UFFD_RWP: the uffd bit of a page means that no access is let through. */
  readonly rwp: boolean;
  /** UFFD_FEATURE_RWP_ASYNC: an access takes the bit away, and goes on. */
  readonly rwpAsync: boolean;
  /** MREMAP_DONTUNMAP left a registered VMA at the old address. */
  readonly leftRegistered: boolean;
  /** False after munmap(). */
  readonly mapped: boolean;
  /** False under PROT_NONE. */
  readonly accessible: boolean;
  /** PROT_READ: the VMA may be read, and not written. */
  readonly readOnly: boolean;
  /** VM_SEALED */
  readonly sealed: boolean;
  /** VM_MAYBE_GUARD */
  readonly mayGuard: boolean;
  /** The page that the PTE maps. `ksm`: one of KSM's, which belongs to nobody. */
  readonly page: "none" | "zero" | "anon" | "ksm" | "file";
  /** PageAnonExclusive(), and pte_swp_exclusive() after it. */
  readonly exclusive: boolean;
  /** A huge PMD of anonymous memory is followed, or would be mapped here; false where it was split. */
  readonly huge: boolean;
  /** A driver has pinned the page: fork copies it at once, and nothing moves it. */
  readonly pinned: boolean;
  /** The page is MADV_FREE's: while it is clean, reclaim drops it. */
  readonly lazyFree: boolean;
  /**
   * PG_dirty. Of an anonymous page: it came back from swap, or migration met it dirty. Of a file's page: a fault told it, or of
   * one of shmem the end of a dirty PTE; that of a disk is clean again when it was written.
   */
  readonly pageDirty: boolean;
  /** Another process maps the page, and its PTE was dirty when fork() shared it. */
  readonly dirtyElsewhere: boolean;
  /** VM_SOFTDIRTY: nothing was written to clear_refs since the memory was mapped. */
  readonly newMapping: boolean;
  /** The VMA has an anon_vma: without one, fork copies no page tables of anonymous memory. */
  readonly anonVma: boolean;
  /**
   * What the file has at that offset, in the page cache or in swap. `unwritten`: a page of shmem that was read alone, which
   * reclaim drops; `failed`: a page whose memory failed; `beyond`: the file ends before it.
   */
  readonly file: "page" | "unwritten" | "hole" | "failed" | "beyond";
  /** The page frame that the next page gets, where an event names none. */
  readonly nextPfn: bigint;
  /** The swap offset that the next page gets, where an event names none. */
  readonly nextOffset: bigint;
}

/** How a life begins. */
export interface LifeOptions {
  /** Default: anonymous. */
  readonly vma?: VmaKind;
  /** Default: by swap type, as merged. */
  readonly design?: SpecialPteOptions;
  readonly features?: readonly FeatureName[];
  /** The PTE to begin with. Default: the empty PTE. */
  readonly pte?: bigint;
  /** What the file has at that offset. Default: a page where the PTE to begin with maps one, a hole otherwise. */
  readonly file?: Life["file"];
}

/**
 * The life of a PTE, before anything has happened to it.
 *
 * @throws PtekitError `UNKNOWN_OPTION` for a VMA kind or feature that is not known or not there yet, `NO_UFFD_WP`,
 * `BAD_WORD`, `WORD_TOO_WIDE`, `IMPOSSIBLE_EVENT` for a PTE that the model does not follow.
 */
export function begin(backend: ArchBackend, options: LifeOptions = {}): Life {
  checkOptions(backend, options);
  const { vma = "anonymous", design = { by: "swap-type" }, features = [] } = options;
  if (!VMA_KINDS.includes(vma)) {
    throw new PtekitError("UNKNOWN_OPTION", `a VMA is ${VMA_KINDS.join(", ")}, not ${String(vma)}`);
  }
  for (const feature of features) checkFeature(backend, feature);
  const pte = options.pte ?? emptyPte(backend.layout);
  const { kind, exclusive }: AnyDecoded = backend.decode(pte);
  const anonymous = vma === "anonymous" || vma === "thp";
  const mapsPage = ["present", "migration", "device-private"].includes(kind);
  const life: Life = {
    backend,
    design,
    vma,
    features: features.includes("wp-async")
      ? [...new Set([...features, "wp-unpopulated" as const])]
      : features,
    pte,
    wp: false,
    missing: false,
    minor: false,
    rwp: false,
    rwpAsync: features.includes("rwp-async"),
    leftRegistered: false,
    mapped: true,
    accessible: true,
    readOnly: false,
    sealed: false,
    mayGuard: false,
    page: mapsPage ? (anonymous ? "anon" : "file") : "none",
    exclusive: anonymous && (exclusive === true || mapsPage),
    huge: vma === "thp",
    pinned: false,
    lazyFree: false,
    pageDirty: vma === "shmem" && (options.file === "page" || (options.file === undefined && mapsPage)),
    dirtyElsewhere: false,
    newMapping: rowsOf(backend.layout, "softDirty").length > 0,
    anonVma: anonymous && kind !== "none",
    file: options.file ?? (mapsPage ? "page" : "hole"),
    nextPfn: isHuge({ vma }) || vma === "thp" ? 0x10000n : 0x1000n,
    nextOffset: 0x10n,
  };
  stateOf(life);
  return life;
}

function checkOptions(backend: ArchBackend, options: LifeOptions): void {
  if (typeof backend?.decode !== "function") {
    throw new PtekitError("BAD_ARGUMENT", "a life begins on a backend, as arm64.for({ release }) gives it");
  }
  if (typeof options !== "object" || options === null) {
    throw new PtekitError("UNKNOWN_OPTION", `options are an object with ${OPTIONS.join(", ")}`);
  }
  for (const key of Object.keys(options)) {
    if (!OPTIONS.includes(key)) {
      throw new PtekitError("UNKNOWN_OPTION", `a life begins with ${OPTIONS.join(", ")}, not ${key}`);
    }
  }
  const { design, features = [] } = options;
  if (!Array.isArray(features)) throw new PtekitError("UNKNOWN_OPTION", "features are a list of names");
  if (design !== undefined) checkDesign(backend, design);
}

/** Which rows of the model a design follows: one word that is special, however it is made, or markers. */
export const formOf = ({ by }: SpecialPteOptions): "swap-type" | "bit" => (by === "swap-type" ? by : "bit");

/** A bit that no special PTE can be made with is refused before anything happens. */
function checkDesign(backend: ArchBackend, design: SpecialPteOptions): void {
  if (design?.by === "bit" && design.bit !== undefined) backend.specialPte("uffd-wp", design);
  else if (design?.by !== "swap-type" && design?.by !== "bit" && design?.by !== "header-page") {
    throw new PtekitError(
      "UNKNOWN_OPTION",
      'a design is { by: "swap-type" }, { by: "bit" } or { by: "header-page" }',
    );
  }
}

const OPTIONS = ["vma", "design", "features", "pte", "file"];

/** Whether a value is the life of a PTE. */
export const isLife = (value: unknown): value is Life =>
  typeof value === "object" && value !== null && "backend" in value && "vma" in value && "pte" in value;

function checkFeature(backend: ArchBackend, feature: FeatureName): void {
  if (!Object.hasOwn(FEATURES, feature)) {
    throw new PtekitError(
      "UNKNOWN_OPTION",
      `a feature is ${Object.keys(FEATURES).join(", ")}, not ${String(feature)}`,
    );
  }
  const { kernel, since } = FEATURES[feature];
  if (!atLeastRelease(backend, since)) {
    throw new PtekitError("UNKNOWN_OPTION", `${kernel} came in ${since}; this is ${backend.kernel.release}`);
  }
  if (feature.startsWith("wp-")) requireUffdWp(backend);
}

/** MAP_PRIVATE of a file: what is written becomes the process's own. */
export const isPrivate = ({ vma }: Pick<Life, "vma">): boolean => vma.startsWith("private-");

/** Memory of hugetlbfs, shared or private. */
export const isHuge = ({ vma }: Pick<Life, "vma">): boolean => vma.endsWith("hugetlb");

/** By whose rows a PTE goes: in a private mapping of a file, a page of the process's own goes as anonymous memory does. */
export function goesAs(life: Life): VmaKind {
  if (life.vma === "thp") return "anonymous";
  if (!isPrivate(life)) return life.vma;
  const file = life.vma.slice("private-".length) as VmaKind;
  if (file === "hugetlb") return file;
  const { kind } = decodedOf(life);
  const own = ["anon", "ksm", "zero"].includes(life.page) || kind === "swap" || kind === "device-private";
  return own ? "anonymous" : file;
}

/** Whether the VMA is registered with userfaultfd, in any mode. */
export const registered = ({ wp, missing, minor, rwp }: Life): boolean => wp || missing || minor || rwp;

/** userfaultfd_protected(): the uffd bit of its PTEs means something. */
export const guarded = ({ wp, rwp }: Life): boolean => wp || rwp;

const decodings = new WeakMap<Life, AnyDecoded>();

/** What the PTE says, read once. */
export function decodedOf(life: Life): AnyDecoded {
  const known = decodings.get(life);
  if (known) return known;
  const decoded = life.backend.decode(life.pte);
  decodings.set(life, decoded);
  return decoded;
}

/** What the PTE is now. */
export function stateOf(life: Life): State {
  const { backend, design, pte } = life;
  if (design.by !== "swap-type" && specialByBit(life)) return "special";
  const decoded = decodedOf(life);
  const wp = decoded.uffdWp === true;
  const access = accessOf(backend, pte);
  const { write } = partsOf(access);
  switch (decoded.kind) {
    case "none":
      return "none";
    case "present":
      if (wp && life.rwp && (access === "none" || access === "noneRead")) return "present-rwp";
      return wp ? (write ? "writable-wp" : "present-wp") : "present";
    case "swap":
      return wp ? "swap-wp" : "swap";
    case "migration":
      return wp ? "migration-wp" : "migration";
    case "device-private":
      return wp ? "device-wp" : "device";
    case "hwpoison":
      return "hwpoison";
    case "swapin-error":
      return "poisoned";
    case "marker":
      return markerState(decoded.markers ?? []);
    default:
      throw new PtekitError(
        "IMPOSSIBLE_EVENT",
        `${backend.layout.id}: ${hex(pte, backend.layout.pteBits)} is ${decoded.kind}, which the model does not follow`,
      );
  }
}

/** Poison goes before guard, guard before uffd-wp: see handle_pte_marker() in mm/memory.c (as of Linux v7.2). */
function markerState(markers: readonly string[]): State {
  if (markers.includes("poisoned") || markers.includes("swapin-error")) return "poisoned";
  if (markers.includes("guard")) return "guard";
  return markers.includes("uffd-wp") ? "special" : "empty";
}

function specialByBit({ backend, design, pte }: Life): boolean {
  try {
    return backend.isSpecialPte(pte, design);
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_SUCH_BIT") return false;
    throw error;
  }
}
