import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "parisc",
  clues: [
    { form: /\bparisc(?:64)?\b|\bhppa\w{0,3}\b|\brp[34]4\d0\b|\b9000\/\d{3}/i, weight: 10 },
    { form: /\bIAOQ:|\bIASQ:|YZrvWESTHLNXBCVMCRQPDI/, weight: 10 },
  ],
  kernel: [{ from: 0x4000_0000n, to: 0x4fff_ffffn, what: "the direct map", physical: 0n }],
  bugs: [
    {
      from: "6.2",
      until: "6.4",
      cleared: [8],
      sentence: "it was cleared as if it were the new exclusive bit",
      citation: "HYPOTHESIS: an intermediate state of the series for v6.3",
    },
  ],
};
export { clues as default };
