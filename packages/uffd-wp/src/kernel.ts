import type { ArchBackend, Release } from "@ptekit/core";
import { compareNumbers, hasPresentUffdWp, PtekitError, parseRelease, rowsOf } from "@ptekit/core";

const releases = new Map<string, Release>();

/** The parts of a release, taken apart once. */
function releaseOf(text: string): Release {
  const known = releases.get(text);
  if (known) return known;
  const release = parseRelease(text);
  releases.set(text, release);
  return release;
}

/** Whether the backend's kernel is `since` or newer. */
export const atLeastRelease = (backend: ArchBackend, since: string): boolean =>
  compareNumbers(releaseOf(backend.kernel.release).numbers, releaseOf(since).numbers) >= 0;

/** Whether the backend's kernel is that point release or a later one of its series. */
export function inSeries(backend: ArchBackend, since: string): boolean {
  const [major, minor] = releaseOf(since).numbers;
  const { numbers } = releaseOf(backend.kernel.release);
  return numbers[0] === major && numbers[1] === minor && atLeastRelease(backend, since);
}

/** Why this kernel cannot write-protect for userfaultfd; null where it can. */
export function whyNoUffdWp(backend: ArchBackend): string | null {
  if (rowsOf(backend.layout, "uffdWp").length === 0) return "swap PTEs have no uffd-wp bit";
  if (backend.present === null) return "present PTEs are not described";
  if (!hasPresentUffdWp(backend)) return "present PTEs have no uffd-wp bit";
  if (!backend.kernel.armsUffdWp) return "the kernel is built without CONFIG_HAVE_ARCH_USERFAULTFD_WP";
  return null;
}

/** @throws PtekitError `NO_UFFD_WP` where this kernel cannot write-protect for userfaultfd. */
export function requireUffdWp(backend: ArchBackend): void {
  const why = whyNoUffdWp(backend);
  if (why === null) return;
  throw new PtekitError(
    "NO_UFFD_WP",
    `${backend.layout.id}: ${backend.kernel.release} cannot write-protect for userfaultfd: ${why}`,
  );
}
