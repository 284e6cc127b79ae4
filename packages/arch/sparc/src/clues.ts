import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "sparc",
  clues: [
    { form: /\bsparc(?:32|64)?\b|\bUltraSPARC\b|\bNiagara\b/i, weight: 10 },
    { form: /\bTSTATE: |\bTPC: |\bPSR: [0-9a-f]{8} PC: /, weight: 10 },
    { form: /linux_sparc_syscall|\bsun4[uv]_|\bSUN4[UV]\b/, weight: 8 },
    { form: /(?<![0-9a-f])fffff8[0-9a-f]{10}(?![0-9a-f])/, weight: 7 },
    { form: /\[<00000000(?:00[4-9a-f]|01[0-9a-f])[0-9a-f]{5}>\] \w/, weight: 5 },
  ],
  kernel: [
    { from: 0xffff_f800_0000_0000n, to: 0xffff_ffff_ffff_efffn, what: "the direct map", physical: "moved" },
  ],
};
export { clues as default };
