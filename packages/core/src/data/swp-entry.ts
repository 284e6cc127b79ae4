import type { Begin } from "./backport.ts";
import { hasBegun } from "./backport.ts";
import type { Release } from "./release.ts";

interface Step extends Begin {
  /** Bits of a long above the offset. */
  readonly bits: number;
  readonly citation: string;
}

/** SWP_TYPE_SHIFT, from the width of a long down; newest first. */
const steps: readonly Step[] = [
  {
    since: "4.20",
    backported: [{ release: "4.18.0-147", vendor: "el8" }],
    bits: 6,
    citation:
      "See SWP_TYPE_SHIFT in include/linux/swapops.h (as of Linux v5.10): BITS_PER_XA_VALUE, one bit of which is the XArray's",
  },
  {
    since: "3.5",
    backported: [
      { release: "3.4.4" },
      { release: "3.2.23" },
      {
        release: "3.2.21",
        uncertain: "that it came with 3.2.21 is from memory; 3.2.4 is without it, 3.2.23 has it",
      },
      {
        release: "3.2.0-3",
        vendor: "debian",
        uncertain: "that Debian's 3.2.0-3 is 3.2.21 or later is from memory",
      },
      {
        release: "3.2.0-27",
        vendor: "ubuntu",
        uncertain: "that Ubuntu's 3.2.0-27 took commit 9b15b817f3d6 is from memory",
      },
      { release: "2.6.32-503", vendor: "el6" },
      {
        release: "2.6.32-102",
        vendor: "openvz",
        uncertain: "that OpenVZ's 042stab102 is built from RHEL 6.6's 2.6.32-504 is from memory",
      },
    ],
    bits: 7,
    citation: `Linux kernel commit 9b15b817f3d6 ("swap: fix shmem swapping when more than 8 areas") (in v3.5)`,
  },
  {
    bits: 5,
    citation: "See SWP_TYPE_SHIFT in include/linux/swapops.h (as of Linux v3.2)",
  },
];

/**
 * SWP_TYPE_SHIFT: where the type sits in a swp_entry_t. 58 of 64 bits (26 of 32) since 4.20, 57 (25) before, and 59
 * (27) before 3.5.
 */
export const swpTypeShiftOf = (release: Release, longBits: 32 | 64): number =>
  longBits - stepOf(release).bits;

/** Where SWP_TYPE_SHIFT of a release is written. */
export const swpTypeShiftCitationOf = (release: Release): string => stepOf(release).citation;

const stepOf = (release: Release): Step => steps.find((candidate) => hasBegun(release, candidate)) as Step;

const age = {
  since: "6.1",
  backported: [{ release: "5.14.0-362", vendor: "el9" }],
  citation: "See SWP_MIG_YOUNG in include/linux/swapops.h (as of Linux v6.1)",
} satisfies Begin & { readonly citation: string };

/** Whether a release has young and dirty bits in migration entries, where they fit. */
export const keepsAge = (release: Release): boolean => hasBegun(release, age);

/** Where the young and dirty bits of migration entries are written; undefined where a release has none. */
export const ageCitationOf = (release: Release): string | undefined =>
  keepsAge(release) ? age.citation : undefined;

/** Every row here that says from which release on. */
export const swpEntryRows: readonly Begin[] = [...steps, age];
