import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "alpha",
  clues: [
    { form: /\balpha(?:ev\w{1,3})?-(?:linux|unknown)|\bAlphaServer\b|\bAlphaStation\b/i, weight: 10 },
    { form: /(?<![0-9a-f])fffffc0[0-9a-f]{9}(?![0-9a-f])/, weight: 7 },
  ],
  kernel: [
    { from: 0xffff_fc00_0000_0000n, to: 0xffff_fdff_ffff_ffffn, what: "the direct map", physical: 0n },
  ],
};
export { clues as default };
