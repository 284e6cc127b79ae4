import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "x86_64",
  clues: [
    { form: /(?<![a-z0-9])(?:amd64|x86[_-]64)\b/i, weight: 10 },
    {
      form: /\bRIP: |\bRAX: |\bR1[0-5]: [0-9a-f]{16}|\bCR2: [0-9a-f]{16}|\bRSP: 00|\bFS: {1,2}[0-9a-f]{16}\(/,
      weight: 9,
    },
    { form: /\bKernel Offset: 0x[0-9a-f]{1,16} from 0xffffffff8/, weight: 9 },
    { form: /\bP[GU]D [0-9a-f]{1,16} P[4U]D [0-9a-f]{1,16}\b/, weight: 8 },
    { form: /\bpage:ffffea[0-9a-f]{10}\b/, weight: 8 },
    { form: /entry_SYSCALL_64|__x64_sys_|do_syscall_64|asm_\w{0,40}page_fault|x86_64_start_/, weight: 7 },
    { form: /\bNOPTI\b|\bKASAN PTI\b|\bSMP PTI\b|\bSMP KPTI\b/, weight: 7 },
    { form: /(?<![0-9a-f])ffffffff[89ab][0-9a-f]{7}(?![0-9a-f])/, weight: 5 },
    { form: /\bffff(?:8[89a-f]|9[0-9a-f]|[a-d][0-9a-f])[0-9a-f]{10}\b/, weight: 6 },
    { form: /\bBad pagetable\b|\bCorrupted page table\b/, weight: 6 },
    { form: /\bkvm_(?:intel|amd)\b|\bGenuineIntel|\bAuthenticAMD|\bXeon\b|\bEPYC\b|\bRyzen\b/, weight: 4 },
    { form: /\bqemu-system-x86/, weight: 5 },
    {
      form: /\bHardware name: .{0,120}(?:QEMU Standard PC|, BIOS |Google Compute Engine|HVM domU|VMware Virtual)/i,
      weight: 3,
    },
    {
      form: /\bHardware name: .{0,120}(?:PowerEdge|ProLiant|ThinkPad|LENOVO|Supermicro|LIFEBOOK|OptiPlex|Latitude)/i,
      weight: 3,
    },
    { form: /\bpmd:[0-9a-f]{9,13}(?:067|063|027|867|8e3|0e3|0e7)\b/, weight: 4 },
    { form: /\bpmd:[0-9a-f]{0,13}(?:067|063|027|867)\b/, weight: 3 },
    { form: /#PF: /, weight: 4 },
    { form: /\b(?:address|vtop) (?:0x)?(?:7f|5[56])[0-9a-f]{10}\b/, weight: 2 },
  ],
  kernel: [
    { from: 0xffff_8800_0000_0000n, to: 0xffff_887f_ffff_ffffn, what: "the direct map", physical: 0n },
    {
      from: 0xffff_8880_0000_0000n,
      to: 0xffff_e7ff_ffff_ffffn,
      what: "the direct map or vmalloc memory",
      physical: "moved",
    },
    { from: 0xffff_e800_0000_0000n, to: 0xffff_feff_ffff_ffffn, what: "vmemmap or vmalloc memory" },
    { from: 0xffff_ffff_8000_0000n, to: 0xffff_ffff_bfff_ffffn, what: "the kernel's image" },
    { from: 0xffff_ffff_c000_0000n, to: 0xffff_ffff_feff_ffffn, what: "a module" },
  ],
  user: [
    { from: 0x5500_0000_0000n, to: 0x56ff_ffff_ffffn, what: "a program's code or heap" },
    { from: 0x7e00_0000_0000n, to: 0x7fff_ffff_ffffn, what: "libraries or the stack" },
    { from: 0x7f_ff00_0000n, to: 0x7f_ffff_ffffn, what: "the stack, as 2.6 had it" },
  ],
  bugs: [
    {
      from: "3.11",
      until: "3.12",
      candidatesOnly: true,
      set: [11],
      kind: "swap",
      sentence:
        "bit 11 is the soft-dirty bit of a present PTE; move_ptes() set it in a swap PTE, where it lies inside the offset",
      next: "a kernel with commit 6dec97dc929",
      citation: `Linux kernel commit 6dec97dc929 ("mm: move_ptes -- Set soft dirty bit depending on pte type") (in v3.11)`,
    },
  ],
};
export { clues as default };
