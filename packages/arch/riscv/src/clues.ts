import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "riscv",
  clues: [
    {
      form: /\briscv(?:32|64)?\b|\bSiFive\b|\bStarFive\b|\bVisionFive\b|\bT-?HEAD\b|\bSpacemiT\b|\bSG204\d\b/i,
      weight: 10,
    },
    { form: /\bepc ?: |\bscause: |\bstatus: [0-9a-f]{16} badaddr: /, weight: 9 },
    { form: /\bpgtable: \dK pagesize, \d\d-bit VAs/, weight: 9 },
    { form: /do_trap_ecall_u|\bwalk_stackframe\+|do_page_fault\+\S{1,20} \S{0,40}riscv/, weight: 8 },
    { form: /(?<![0-9a-f])ffffffe[0-9a-f]{9}(?![0-9a-f])/, weight: 7 },
    { form: /(?<![0-9a-f])ff(?:6|af8)[0-9a-f]{11,13}(?![0-9a-f])/, weight: 4 },
    { form: /(?<![0-9a-f])ffffffff8[0-9a-f]{7}(?![0-9a-f])/, weight: 2 },
    { form: /\bpmd[:=](?:0x)?[0-9a-f]{4,13}[048c]01\b/, weight: 3 },
  ],
  kernel: [
    { from: 0xffff_ffd0_0000_0000n, to: 0xffff_fff7_ffff_ffffn, what: "the direct map", physical: "moved" },
    { from: 0xffff_ffff_0000_0000n, to: 0xffff_ffff_ffff_efffn, what: "the kernel's image or a module" },
    {
      from: 0xffff_8d80_0000_0000n,
      to: 0xffff_ffcf_ffff_ffffn,
      what: "vmalloc memory or the direct map of Sv48",
    },
    {
      from: 0xff10_0000_0000_0000n,
      to: 0xffff_8d7f_ffff_ffffn,
      what: "vmalloc memory or the direct map of Sv57",
    },
  ],
  user: [{ from: 0x3f_8000_0000n, to: 0x3f_ffff_ffffn, what: "libraries or the stack" }],
  bugs: [
    {
      from: "6.19",
      set: [3],
      kind: "migration",
      level: "pmd",
      sentence:
        "the soft-dirty bit of a THP migration entry is one that pmd_present() reads (_PAGE_LEAF): the kernel takes the entry for present",
      next: "CONFIG_TRANSPARENT_HUGEPAGE=n, or a kernel where pmd_present() does not read bit 3",
      citation: "See pmd_present() in arch/riscv/include/asm/pgtable.h (as of Linux v7.2)",
    },
  ],
};
export { clues as default };
