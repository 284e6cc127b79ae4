// What a pasted text says of a walk: an address alone, or the table line of an oops and what stands around it.
import type { LevelName } from "@ptekit/core";
import { parseRelease } from "@ptekit/core";
import type { WalkState } from "./link.ts";
import { wordOf } from "./link.ts";

/** `PGD 1a05067 P4D 0`, `pgd=1000000043c4b003, p4d=…`, `*pgd=…`, `*pde = 1a2b3067`. */
const ENTRY = /(?<![\w.])\*?(pgd|p4d|pud|pmd|pte|pde|ppte)\b\s*[:=]?\s*(?:0x)?([0-9a-f]{1,16})\b/gi;
const ADDRESSES = [
  /\b(?:virtual address|page fault for address:?|kernel paging request (?:for address:? |at )(?:virtual address )?|CR2:|BadVA\s*:?)\s*(?:0x)?([0-9a-f]{1,16})\b/i,
  /\[([0-9a-f]{8,16})\]\s*\*?pgd\b/i,
  /\baddress:?\s*(?:0x)?([0-9a-f]{5,16})\b/i,
];
const RELEASE = /\b(?:Not tainted|Tainted: [A-Z ]+) (\d+\.\d+\S*)|\bLinux version (\d+\.\d+\S*)/;

/** The part of a walk that a text says; null where it says nothing of one. */
export function readWalk(text: string): Partial<WalkState> | null {
  const alone = wordOf(text);
  if (alone !== null) return { address: alone };
  const found: Partial<Record<LevelName, string>> = {};
  for (const [, name = "", digits = ""] of text.matchAll(ENTRY)) {
    const lower = name.toLowerCase();
    // arm prints the hardware's own entry beside the kernel's; i386 without PAE calls its PMD a PDE.
    if (lower === "ppte") continue;
    found[(lower === "pde" ? "pmd" : lower) as LevelName] ??= wordOf(digits) ?? "0x0";
  }
  const digits = ADDRESSES.map((one) => one.exec(text)?.[1]).find((one) => one !== undefined);
  const address = digits === undefined ? null : wordOf(digits);
  if (Object.keys(found).length === 0 && address === null) return null;
  return {
    entries: found,
    ...(address === null ? {} : { address }),
    ...archOf(text),
    ...releaseOf(text),
  };
}

/** Who prints its tables so. */
function archOf(text: string): Pick<WalkState, "arch"> | object {
  if (/\bPGD [0-9a-f]+ (?:P4D|PUD|PMD)?/.test(text)) return { arch: "x86_64" };
  if (/\*pde = /.test(text)) return { arch: "i386" };
  if (/\*pgd=/.test(text)) return { arch: "arm" };
  return /\bswapper pgtable:|\bpgd=[0-9a-f]{16}\b/.test(text) ? { arch: "arm64" } : {};
}

function releaseOf(text: string): Pick<WalkState, "release"> | object {
  const [, tainted, banner] = RELEASE.exec(text) ?? [];
  const release = tainted ?? banner;
  if (release === undefined) return {};
  try {
    parseRelease(release);
    return { release };
  } catch {
    return {};
  }
}
