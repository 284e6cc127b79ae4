import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "powerpc",
  clues: [
    {
      form: /(?<![a-z0-9])ppc(?:64|64le|64el|32)?\b|\bpowerpc\w{0,4}\b|\bpSeries\b|\bPowerNV\b|\bPOWER\d{1,2}\b/i,
      weight: 10,
    },
    { form: /\bPower ?(?:Mac|Book)|\bPMacG\d/i, weight: 10 },
    {
      form: /\bPower ?(?:Mac|Book) ?G[34]|\bPMacG[34]|\bPowerMac[1-6],/i,
      weight: 6,
      config: { CONFIG_PPC_BOOK3S_32: "y" },
    },
    { form: /\b8xx\b|\bMPC8[68]\d\b|\bCMPC885\b/, weight: 8, config: { CONFIG_PPC_8xx: "y" } },
    {
      form: /\bMPC85\d\d|\bP[1-4]0[1-4]\d(?:RDB|DS)|\bT[24]\d{3}RDB/,
      weight: 8,
      config: { CONFIG_PPC_85xx: "y" },
    },
    // Of an oops: "LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048 NUMA pSeries".
    { form: /\b[LB]E PAGE_SIZE=4K\b/, weight: 10, config: { CONFIG_PPC_4K_PAGES: "y" } },
    { form: /\b[LB]E PAGE_SIZE=64K\b/, weight: 10, config: { CONFIG_PPC_64K_PAGES: "y" } },
    { form: /\bPAGE_SIZE=\d+K MMU=Radix\b/, weight: 10, config: { CONFIG_PPC_RADIX_MMU: "y" } },
    { form: /\bPAGE_SIZE=\d+K MMU=Hash\b/, weight: 10, config: { CONFIG_PPC_RADIX_MMU: "n" } },
    { form: /\bVector: [0-9a-f]{3} \(/, weight: 10 },
    {
      form: /\bNIP:? {1,2}\[?[0-9a-f]|\bGPR00:|\bMSR:? {1,2}[0-9a-f]{8}|\bFaulting instruction address: /,
      weight: 9,
    },
    { form: /system_call_exception|InstructionAccess_virt|DataAccess_virt|system_call_vectored/, weight: 7 },
    { form: /(?<![0-9a-f])c0000[0-9a-f]{11}(?![0-9a-f])/, weight: 7 },
    { form: /^\[[cdf][0-9a-f]{7}\] \[c[0-9a-f]{7}\]/, weight: 7 },
  ],
  kernel: [
    {
      from: 0xc000_0000_0000_0000n,
      to: 0xc00f_ffff_ffff_ffffn,
      what: "the direct map or the image",
      physical: 0n,
    },
    { from: 0xd000_0000_0000_0000n, to: 0xd00f_ffff_ffff_ffffn, what: "vmalloc memory" },
    { from: 0xc000_0000n, to: 0xefff_ffffn, what: "the direct map or the image", physical: 0n },
  ],
  code: [
    { mask: 0xffff_ffff, value: 0x6000_0000, text: "nop" },
    { mask: 0xffff_ffff, value: 0x4e80_0020, text: "blr" },
    { mask: 0xfc00_0003, value: 0x4800_0001, text: "bl" },
    { mask: 0xfc00_07fe, value: 0x7c00_0378, text: "mr" },
    { mask: 0xfc1f_ffff, value: 0x7c08_02a6 & 0xfc1f_ffff, text: "mflr" },
    { mask: 0xffff_0000, value: 0x3c40_0000, text: "lis r2" },
    { mask: 0xffff_0003, value: 0xf821_0001, text: "stdu r1" },
    { mask: 0xfc1f_0000, value: 0x3800_0000, text: "li" },
    { mask: 0xfc1f_0003, value: 0xf801_0000, text: "std …(r1)" },
    { mask: 0xfc1f_0003, value: 0xe801_0000, text: "ld …(r1)" },
    { mask: 0xffff_0000, value: 0x3821_0000, text: "addi r1,r1" },
    { mask: 0xffff_0000, value: 0x9421_0000, text: "stwu r1" },
  ],
};
export { clues as default };
