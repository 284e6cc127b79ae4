import { rowsOf } from "../data/layout.ts";
import type { PresentKind } from "../data/present.ts";
import type { FieldKind } from "../data/row.ts";
import type { MarkerBit, SpecialType } from "../data/swap-types.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { FlagName } from "../interface/entry.ts";
import { requireKernel } from "../util/require.ts";
import { freeBits } from "./claims.ts";
import { freePresentBits } from "./free-present.ts";

/** Where a kernel keeps a flag. */
export interface FlagPlaces {
  /** Its bit of the swap PTE; null where there is none. */
  readonly swap: number | null;
  /** Its bit of the present PTE; null where there is none, or present PTEs are not described. */
  readonly present: number | null;
  /** Kconfig symbols and CPU features (all of them) without which it is not there. */
  readonly when: readonly string[];
}

/** What a kernel's page-table entries have, of what kernels differ in. */
export interface Features {
  readonly arch: string;
  /** The layout's id. */
  readonly layout: string;
  readonly release: string;
  readonly flags: Readonly<Record<FlagName, FlagPlaces>>;
  /** Whether user space can arm uffd-wp at all: a marker is read by every kernel that has the type. */
  readonly armsUffdWp: boolean;
  /** The PTE markers that this kernel reads. */
  readonly markers: readonly MarkerBit[];
  /** The swap types that name no swap file. */
  readonly special: readonly SpecialType[];
  /** Whether migration entries keep young and dirty; null before 6.1. */
  readonly migrationAd: boolean | null;
  /** Whether PMDs hold swap entries (THP migration); the conditions, and where that stands. */
  readonly pmd: { readonly when: readonly string[]; readonly citation: string } | null;
  /** The free bits of the swap PTE, lowest first. */
  readonly free: readonly number[];
  /** The free software bits of the present PTE, lowest first; null where present PTEs are not described. */
  readonly freePresent: readonly number[] | null;
  /** MAX_SWAPFILES: how many swap types are left for swap files. */
  readonly maxSwapfiles: number;
  readonly citation: string;
}

/** What this kernel's page-table entries have: flags, markers, entries in PMDs, free bits, swap types. */
export function featuresOf(backend: ArchBackend): Features {
  requireKernel(backend);
  const { arch, layout, present, kernel, types } = backend;
  return {
    arch,
    layout: layout.id,
    release: kernel.release,
    flags: {
      exclusive: places(backend, "exclusive", null),
      softDirty: places(backend, "softDirty", "softDirty"),
      uffdWp: places(backend, "uffdWp", "uffdWp"),
    },
    armsUffdWp: kernel.armsUffdWp,
    markers: types.markers,
    special: types.special,
    migrationAd: kernel.migrationAd,
    pmd: pmdOf(backend),
    free: freeBits(layout),
    freePresent: present && freePresentBits(present),
    maxSwapfiles: types.maxSwapfiles,
    citation: layout.citation,
  };
}

function places(
  { layout, present }: ArchBackend,
  kind: FieldKind & FlagName,
  inPresent: PresentKind | null,
): FlagPlaces {
  const swap = rowsOf(layout, kind)[0];
  const bit = present?.fields.find((row) => row.kind === inPresent);
  return { swap: swap?.low ?? null, present: bit?.low ?? null, when: (swap ?? bit)?.when ?? [] };
}

function pmdOf({ layout }: ArchBackend): Features["pmd"] {
  const { pmd } = layout;
  return pmd ? { when: pmd.when, citation: pmd.citation } : null;
}
