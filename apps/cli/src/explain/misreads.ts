import { compareNumbers, parseRelease } from "@ptekit/core";

/** A kernel that took a bit for spare which was none, as its logs show. */
export interface Misread {
  readonly arch: string;
  /** The bit of the PTE that it cleared. */
  readonly bit: number;
  readonly flag: string;
  readonly citation: string;
  /** Whether a release is one of those. */
  readonly during: (release: string) => boolean;
}

const between =
  (from: string, to: string) =>
  (release: string): boolean => {
    const { numbers } = parseRelease(release);
    const base = numbers.slice(0, 2);
    return (
      compareNumbers(base, parseRelease(from).numbers) >= 0 &&
      compareNumbers(base, parseRelease(to).numbers) <= 0
    );
  };

export const MISREADS: readonly Misread[] = [
  {
    arch: "i386",
    bit: 2,
    flag: "_PAGE_SWP_UFFD_WP",
    citation: `<20200412214150.GB38470@xz-x1>: 5.7-rc, taken away from i386 before v5.7`,
    during: between("5.6", "5.7"),
  },
  {
    arch: "i386",
    bit: 3,
    flag: "_PAGE_SWP_EXCLUSIVE (_PAGE_PWT)",
    citation: "linux-next of April 2022, before v5.19",
    during: between("5.18", "5.19"),
  },
  {
    arch: "parisc",
    bit: 8,
    flag: "the new exclusive bit",
    citation: "HYPOTHESIS: an intermediate state of the series for v6.3",
    during: between("6.2", "6.3"),
  },
];
