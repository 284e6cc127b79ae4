import { requireRelease, requireTypes } from "../util/require.ts";
import type { Backport, Begin } from "./backport.ts";
import { hasBegun } from "./backport.ts";
import type { Release } from "./release.ts";

/** What a swap type above the swap files means. */
export type SpecialTypeName =
  | "hwpoison"
  | "migration-read"
  | "migration-read-exclusive"
  | "migration-write"
  | "device-private-read"
  | "device-private-write"
  | "device-exclusive"
  | "device-exclusive-read"
  | "device-exclusive-write"
  | "device-private-hmm"
  | "marker"
  | "swapin-error"
  | "userswap";

/** The special types whose offset is a PFN. */
export type PfnKind = Exclude<SpecialTypeName, "marker" | "device-private-hmm" | "userswap">;

/** What a PTE marker says; 6.2 to 6.5 call bit 1 `swapin-error`, 6.6 and later `poisoned`. */
export type MarkerName = "uffd-wp" | "poisoned" | "guard" | "swapin-error";

/** MAX_SWAPFILES_SHIFT: the generic layer uses five bits of type, in every release. */
export const MAX_SWAPFILES_SHIFT = 5;

/** Type number → meaning, for one release and configuration. */
export interface SwapTypes {
  /** MAX_SWAPFILES: types below it name swap files. */
  readonly maxSwapfiles: number;
  /** The special types, lowest number first. */
  readonly special: readonly SpecialType[];
  /** The marker bits that this release reads, lowest first; empty where there is no marker type. */
  readonly markers: readonly MarkerBit[];
}

/** A swap type that names no swap file, and where the kernel defines it. */
export interface SpecialType {
  readonly type: number;
  readonly name: SpecialTypeName;
  readonly citation: string;
}

/** A bit of a PTE marker, and where the kernel defines it. */
export interface MarkerBit {
  /** The bit's value in the offset: 1, 2 or 4. */
  readonly value: bigint;
  readonly name: MarkerName;
  readonly citation: string;
}

/** One step in a group's history; the newest that the release has decides. */
interface Step extends Begin {
  /** The Kconfig symbol without which the group takes no types. */
  readonly needs?: string;
  readonly types: readonly SpecialTypeName[];
  readonly citation: string;
}

// RHEL 9: the builds are those of its releases whose headers were read, or those that LTP's tst_kvercmp() names (179, 441).
const el9 = (build: number, uncertain?: string): Backport => ({
  release: `5.14.0-${build}`,
  vendor: "el9",
  ...(uncertain === undefined ? {} : { uncertain }),
});
/** Build 162.23.1 is without it, 284.11.1 has it. */
const rhel9Types = el9(179);
/** Build 284.30.1 is without it, 362.8.1 has it. */
const rhel9SwapinError = el9(362);
/** Build 362.24.1 is without it, 427.13.1 has it. */
const rhel9ErrorMarker = el9(427);
/** Build 427.42.1 is without it, 503.11.1 has it. */
const rhel9Markers = el9(441);
/** Build 503.40.1 is without it, 570.12.1 has it. */
const rhel9Poisoned = el9(570);

const USERSWAP =
  "that the build has userswap is likely: the headers of its branch have it, and name no build";

/** openEuler's userswap: the branches whose headers or documentation have it, from their first long-term builds. */
const openEulerUserswap: readonly Backport[] = [
  { release: "6.6.0-28", vendor: "openeuler", uncertain: USERSWAP },
  { release: "5.10.0-60", vendor: "openeuler", uncertain: USERSWAP },
  {
    release: "4.19.90-2106",
    vendor: "openeuler",
    uncertain:
      "userswap needs openEuler 1.0 LTS by its documentation; from which build, and its number, is from memory",
  },
];

/** The groups in the order of their numbers: hwpoison lowest, taken from the top of the 32 types. */
const groups: readonly (readonly Step[])[] = [
  [
    {
      since: "2.6.32",
      needs: "CONFIG_MEMORY_FAILURE",
      types: ["hwpoison"],
      citation: "See SWP_HWPOISON in include/linux/swap.h (as of Linux v5.10)",
    },
  ],
  [
    {
      since: "5.19",
      backported: [rhel9Types],
      needs: "CONFIG_MIGRATION",
      types: ["migration-read", "migration-read-exclusive", "migration-write"],
      citation: "See SWP_MIGRATION_READ_EXCLUSIVE in include/linux/swap.h (as of Linux v6.1)",
    },
    {
      since: "2.6.18",
      needs: "CONFIG_MIGRATION",
      types: ["migration-read", "migration-write"],
      citation: "See SWP_MIGRATION_READ in include/linux/swap.h (as of Linux v5.10)",
    },
  ],
  [
    {
      since: "6.15",
      needs: "CONFIG_DEVICE_PRIVATE",
      types: ["device-private-write", "device-private-read", "device-exclusive"],
      citation: "Linux kernel commit c25465eb7630 (in v6.15): one SWP_DEVICE_EXCLUSIVE",
    },
    {
      since: "5.14",
      needs: "CONFIG_DEVICE_PRIVATE",
      types: [
        "device-private-write",
        "device-private-read",
        "device-exclusive-write",
        "device-exclusive-read",
      ],
      citation: "See SWP_DEVICE_EXCLUSIVE_WRITE in include/linux/swap.h (as of Linux v6.1)",
    },
    {
      since: "4.14",
      backported: [
        { release: "4.12.14-5.5", vendor: "suse" },
        { release: "4.12.14-150", vendor: "leap" },
      ],
      needs: "CONFIG_DEVICE_PRIVATE",
      types: ["device-private-write", "device-private-read"],
      citation: "See SWP_DEVICE_WRITE in include/linux/swap.h (as of Linux v5.10)",
    },
    {
      onlyIn: [{ release: "3.10.0-693", vendor: "el7" }],
      needs: "CONFIG_HMM",
      types: ["device-private-write", "device-private-read"],
      citation: "See SWP_HMM_WRITE in include/linux/swap.h (as of Linux v3.10.0-693.21.1.el7)",
    },
    {
      onlyIn: [{ release: "3.10.0-514", vendor: "el7" }],
      needs: "CONFIG_HMM_MIGRATE",
      types: ["device-private-hmm"],
      citation: "See SWP_HMM in include/linux/swap.h (as of Linux v3.10.0-514.el7)",
    },
  ],
  [
    {
      since: "6.2",
      backported: [rhel9Markers],
      types: ["marker"],
      citation: "See SWP_PTE_MARKER in include/linux/swap.h (as of Linux v6.12): no longer optional",
    },
    {
      since: "5.19",
      backported: [rhel9Types],
      needs: "CONFIG_PTE_MARKER",
      types: ["marker"],
      citation: "See SWP_PTE_MARKER in include/linux/swap.h (as of Linux v6.1)",
    },
  ],
  [
    {
      since: "6.2",
      backported: [rhel9ErrorMarker],
      types: [],
      citation: "include/linux/swap.h (as of Linux v6.12): SWP_SWAPIN_ERROR is gone",
    },
    {
      since: "5.19",
      backported: [rhel9SwapinError],
      types: ["swapin-error"],
      citation: "See SWP_SWAPIN_ERROR in include/linux/swap.h (as of Linux v6.1)",
    },
  ],
  [
    {
      onlyIn: openEulerUserswap,
      needs: "CONFIG_USERSWAP",
      types: ["userswap"],
      citation:
        "See SWP_USERSWAP_ENTRY in include/linux/swap.h (as of Linux v5.10.0-60.oe2203); read in the branch OLK-5.10, and in OLK-6.6 after the markers",
    },
  ],
];

interface MarkerStep extends MarkerBit, Begin {}

/** Per bit, newest first. */
const markerBits: readonly (readonly MarkerStep[])[] = [
  [
    {
      value: 1n,
      name: "uffd-wp",
      since: "5.19",
      backported: [rhel9Types],
      citation: "See PTE_MARKER_UFFD_WP in include/linux/swapops.h (as of Linux v6.1)",
    },
  ],
  [
    {
      value: 2n,
      name: "poisoned",
      since: "6.6",
      backported: [rhel9Poisoned],
      citation: "See PTE_MARKER_POISONED in include/linux/swapops.h (as of Linux v6.12)",
    },
    {
      value: 2n,
      name: "swapin-error",
      since: "6.2",
      backported: [rhel9ErrorMarker],
      citation: "See PTE_MARKER_SWAPIN_ERROR in include/linux/swapops.h (as of Linux v6.2)",
    },
  ],
  [
    {
      value: 4n,
      name: "guard",
      since: "6.13",
      citation: "See PTE_MARKER_GUARD in include/linux/swapops.h (as of Linux v7.2)",
    },
  ],
];

/** Every Kconfig symbol that decides a type's number. */
export const typeSymbols = (): string[] => [
  ...new Set(groups.flatMap((steps) => steps.flatMap((step) => step.needs ?? []))),
];

/**
 * The swap types of a release and configuration.
 *
 * @param enabled says whether a Kconfig symbol is on in that kernel.
 */
export function swapTypes(release: Release, enabled: (symbol: string) => boolean): SwapTypes {
  requireRelease(release);
  const steps = groups.flatMap((history) => newest(release, history) ?? []);
  const taken = steps.filter((step) => step.needs === undefined || enabled(step.needs));
  const named = taken.flatMap((step) => step.types.map((name) => ({ name, citation: step.citation })));
  const maxSwapfiles = (1 << MAX_SWAPFILES_SHIFT) - named.length;
  const special = named.map((entry, index) => ({ type: maxSwapfiles + index, ...entry }));
  const hasMarker = special.some((entry) => entry.name === "marker");
  const markers = hasMarker
    ? markerBits.flatMap((history) => {
        const step = newest(release, history);
        return step ? [{ value: step.value, name: step.name, citation: step.citation }] : [];
      })
    : [];
  return { maxSwapfiles, special, markers };
}

/** Of a release's types, those that need a Kconfig symbol which `isKnown` does not know, and these symbols. */
export function typesWithout(
  release: Release,
  isKnown: (symbol: string) => boolean,
): { readonly symbols: readonly string[]; readonly types: readonly SpecialTypeName[] } {
  const steps = groups
    .flatMap((history) => newest(release, history) ?? [])
    .filter(({ needs }) => needs !== undefined && !isKnown(needs));
  return {
    symbols: steps.flatMap(({ needs }) => needs ?? []),
    types: steps.flatMap(({ types }) => types),
  };
}

const newest = <S extends Begin>(release: Release, history: readonly S[]): S | undefined =>
  history.find((step) => hasBegun(release, step));

/** Every row here that says from which release on. */
export const swapTypeRows: readonly Begin[] = [...groups.flat(), ...markerBits.flat()];

/** What a type number means: a special type, `swap` for a swap file, or `unassigned` above 31. */
export function typeMeaning(types: SwapTypes, type: number): SpecialTypeName | "swap" | "unassigned" {
  requireTypes(types);
  if (type < types.maxSwapfiles) return "swap";
  return types.special[type - types.maxSwapfiles]?.name ?? "unassigned";
}

/** The number of a special type, or undefined where this kernel has none. */
export function typeNumber(types: SwapTypes, name: SpecialTypeName): number | undefined {
  requireTypes(types);
  return types.special.find((entry) => entry.name === name)?.type;
}
