import type { ArchData } from "./data/arch.ts";
import { isUnfinished } from "./data/arch.ts";
import { checkArch } from "./data/check.ts";
import { isAboutCitation } from "./data/check-parts.ts";
import { PtekitError } from "./errors.ts";
import type { Architecture } from "./interface/backend.ts";
import { trustedArch } from "./trusted-arch.ts";

/**
 * An `Architecture` from its data, frozen.
 *
 * @throws PtekitError `BAD_LAYOUT` with every problem of the data, in sentences.
 */
export function defineArch(data: ArchData): Architecture {
  const problems = checkArch(data).filter((problem) => !(isAboutCitation(problem) && isUnfinished(data)));
  if (problems.length > 0) throw new PtekitError("BAD_LAYOUT", problems.join("; "));
  return trustedArch(data);
}
