import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "ia64",
  clues: [
    { form: /\bia64\b|\bItanium\b/i, weight: 10 },
    { form: /\bpsr : [0-9a-f]{16}|\bb0 {1,2}: [0-9a-f]{16} b6 /, weight: 9 },
    { form: /(?<![0-9a-f])[ea]0000(?:00|01)[0-9a-f]{9}(?![0-9a-f])/, weight: 5 },
  ],
  kernel: [
    { from: 0xe000_0000_0000_0000n, to: 0xe00f_ffff_ffff_ffffn, what: "the direct map", physical: 0n },
    { from: 0xa000_0000_0000_0000n, to: 0xa00f_ffff_ffff_ffffn, what: "the image or a module" },
  ],
  bugs: [
    {
      until: "2.6.18",
      set: [5],
      alone: true,
      sentence: "bit 5 is _PAGE_A: the accessed-bit handler set it in a PTE that had just been cleared",
      next: "the handlers of arch/ia64/kernel/ivt.S, which must write the PTE with a compare-and-exchange and check P again",
      citation: "[IA64] Fix race in the accessed/dirty bit handlers (2006), arch/ia64/kernel/ivt.S",
    },
  ],
};
export { clues as default };
