import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "mips",
  clues: [
    {
      form: /\bmips(?:32|64)?(?:el)?\b|\bMalta\b|\bLantiq\b|\bMediaTek MT76[28]\d|\bmt76[28]\d\b|\bAtheros AR[79]\d|\bath79\b|\bOcteon\b|\bIngenic\b|\bRT[35][0-9]{3}\b/i,
      weight: 9,
    },
    {
      form: /\bmt76[28]\d\b|\bLantiq\b|\bath79\b|\bmips(?:32|el)\b/i,
      weight: 2,
      config: { CONFIG_64BIT: "n", CONFIG_32BIT: "y" },
    },
    { form: /\bLoongson-[123](?![A-Z]?[5-9])|\blemote\b/i, weight: 8 },
    {
      form: /\bepc == (?:0x)?[0-9a-f]{8}|^epc {3}: [0-9a-f]{8}|^PrId {2}: [0-9a-f]{8} \(|^BadVA : [0-9a-f]{8}/,
      weight: 10,
    },
    { form: /\bCause ?: [0-9a-f]{8}.{0,20}ExcCode|^\$ ?0 {1,3}: 0/, weight: 9 },
    { form: /^Stack : [0-9a-f]{8}/, weight: 8 },
    { form: /\bpmd:8[0-9a-f]{4}000\b/, weight: 5 },
    { form: /\banon_vma:[89][0-9a-f]{7}\b/, weight: 3 },
    { form: /(?<![0-9a-f])(?:98|a8)0000[0-9a-f]{10}(?![0-9a-f])/, weight: 6 },
    { form: /(?<![0-9a-f])ffffffff8[0-9a-f]{7}(?![0-9a-f])/, weight: 1 },
  ],
  kernel: [
    { from: 0x8000_0000n, to: 0x9fff_ffffn, what: "kseg0, the direct map", physical: 0n },
    { from: 0xa000_0000n, to: 0xbfff_ffffn, what: "kseg1, the uncached direct map", physical: 0n },
    { from: 0xffff_ffff_8000_0000n, to: 0xffff_ffff_9fff_ffffn, what: "kseg0", physical: 0n },
    {
      from: 0x9800_0000_0000_0000n,
      to: 0x9800_ffff_ffff_ffffn,
      what: "xkphys, the direct map",
      physical: 0n,
    },
    {
      from: 0xa800_0000_0000_0000n,
      to: 0xa800_ffff_ffff_ffffn,
      what: "xkphys, the direct map",
      physical: 0n,
    },
  ],
};
export { clues as default };
