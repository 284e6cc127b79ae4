import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "sh",
  clues: [
    { form: /\bsh4\w{0,3}-(?:linux|unknown)|\bSuperH\b|\bSH77\d\d\b/i, weight: 10 },
    { form: /^PC {1,2}: [0-9a-f]{8} SP {1,2}: [0-9a-f]{8} SR {1,2}: /, weight: 9 },
    { form: /\bPR is at \S|\bMACH: [0-9a-f]{8} MACL: [0-9a-f]{8}\b/, weight: 10 },
    // A table is named by its address in P1, and has no bit below the page's.
    { form: /\*p[gm]d=8[0-9a-f]{4}000\b/, weight: 6 },
  ],
  kernel: [{ from: 0x8000_0000n, to: 0x9fff_ffffn, what: "P1, the direct map", physical: 0n }],
};
export { clues as default };
