import type { ArchData } from "../data/arch.ts";
import { compared, mainlineReleases, numbersOf, parseRelease } from "../data/release.ts";
import { swapTypeRows } from "../data/swap-types.ts";
import { swpEntryRows } from "../data/swp-entry.ts";
import { requireArch } from "../util/require.ts";
import { isObject } from "../util/same.ts";

/**
 * The mainline releases, oldest first, in which a kernel of this architecture may not be as in the one before: something
 * of the data begins or ends there. Between two of them nothing changes.
 */
export function turningPoints(arch: ArchData): string[] {
  requireArch(arch);
  const named = [...releasesIn(arch), ...releasesIn(swapTypeRows), ...releasesIn(swpEntryRows)].map(
    (release) => parseRelease(release).numbers,
  );
  const releases = mainlineReleases().map((release) => ({ release, numbers: numbersOf(release) }));
  // What began in a point release, or before the first release that is known, is there in the next.
  const found = named.map((numbers) => releases.find((one) => compared(one.numbers, numbers) >= 0)?.release);
  return [...mainlineReleases()].filter((release, i) => i === 0 || found.includes(release));
}

const KEYS = ["since", "until", "in"];

/** What stands under `since`, `until` and `in`, however deep. */
function releasesIn(value: unknown): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    KEYS.includes(key) && typeof part === "string" ? [part] : releasesIn(part),
  );
}
