import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "loongarch",
  clues: [
    { form: /\bloong(?:arch|64)\w{0,3}\b|\bLoongson-3[A-E][56]/i, weight: 10 },
    { form: /\bera ?: ?[0-9a-f]{8}|\bCRMD: |\bECFG: |\bPRID: /, weight: 10 },
    { form: /(?<![0-9a-f])90000000[0-9a-f]{8}(?![0-9a-f])/, weight: 7 },
  ],
  kernel: [
    { from: 0x9000_0000_0000_0000n, to: 0x9000_ffff_ffff_ffffn, what: "the direct map", physical: 0n },
    { from: 0xffff_8000_0000_0000n, to: 0xffff_ffff_ffff_efffn, what: "vmalloc memory or a module" },
  ],
};
export { clues as default };
