// Apart from defineArch(): who needs no checks does not load them.
import { createBackend } from "./backend.ts";
import type { ArchData } from "./data/arch.ts";
import type { Architecture } from "./interface/backend.ts";
import type { Target } from "./interface/target.ts";
import { select } from "./target/select.ts";
import { deepFreeze } from "./util/freeze.ts";
import { requireArch } from "./util/require.ts";

/**
 * An `Architecture` from data that a test has checked already, frozen: `defineArch()` without the checks, which take
 * longer than all the rest of a start. For a package whose tests hold `checkArch()` of its architecture to be empty.
 */
export function trustedArch(data: ArchData): Architecture {
  requireArch(data);
  const own = deepFreeze(copyOf(data));
  return Object.freeze(
    Object.assign(copyOf(own), { for: (target: Target) => createBackend(select(own, target)) }),
  );
}

/** The same keys but `for`, which an architecture brings along. A part may be a getter, worked out when it is asked for: it stays one. */
function copyOf(data: ArchData): ArchData {
  const { for: _, ...own } = Object.getOwnPropertyDescriptors(data as ArchData & Partial<Architecture>);
  return Object.defineProperties({}, own) as ArchData;
}
