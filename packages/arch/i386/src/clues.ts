import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "i386",
  clues: [
    { form: /(?<![a-z0-9])i[3-6]86\b|-[3-6]86\b/i, weight: 10 },
    { form: /-686-pae\b|\bi686-pae\b/i, weight: 10, config: { CONFIG_X86_PAE: "y" } },
    { form: /\bAtom(?:\(TM\))? (?:CPU )?(?:N2[78]\d|Z5\d\d)\b/, weight: 10 },
    { form: /\bEIP: |\bEAX: |\bCR2: [0-9a-f]{8}\b/, weight: 9 },
    { form: /\*pdpt\s?=/, weight: 9, config: { CONFIG_X86_PAE: "y" } },
    { form: /\*pde\s?=\s?[0-9a-f]{16}\b/, weight: 9, config: { CONFIG_X86_PAE: "y" } },
    { form: /\*pde\s?=\s?[0-9a-f]{8}\b/, weight: 9, config: { CONFIG_X86_PAE: "n" } },
    { form: /\bPentium(?:\(R\))? (?:III?|M|4)\b|\bP4\b|\bGeode\b|\bCeleron(?:\(R\))? M\b/, weight: 6 },
    {
      form: /entry_INT80_32|entry_SYSENTER_32|sysenter_past_esp|do_(?:int80|fast)_syscall_32|__ia32_sys_/,
      weight: 5,
    },
    { form: /\bBad pagetable\b|\bCorrupted page table\b/, weight: 4 },
    { form: /\[<c[01][0-9a-f]{6}>\]/, weight: 4 },
    { form: /\bHardware name: .{0,120}(?:QEMU Standard PC|, BIOS )/i, weight: 2 },
    { form: /\bHardware name: .{0,120}(?:PowerEdge|ProLiant|ThinkPad|LENOVO|Supermicro)/i, weight: 2 },
    { form: /\bpmd:[0-9a-f]{0,13}(?:067|063|027|867)\b/, weight: 2 },
    { form: /#PF: /, weight: 3 },
  ],
  kernel: [{ from: 0xc000_0000n, to: 0xf7ff_ffffn, what: "the direct map or the image", physical: 0n }],
  user: [
    { from: 0xb700_0000n, to: 0xbfff_ffffn, what: "libraries or the stack" },
    { from: 0x0804_8000n, to: 0x08ff_ffffn, what: "a program's code" },
  ],
  bugs: [
    {
      from: "5.6",
      until: "5.8",
      cleared: [2],
      sentence: "it was cleared as if it were _PAGE_SWP_UFFD_WP, for which i386 without PAE has no bit",
      citation: "<20200412214150.GB38470@xz-x1>: 5.7-rc, taken away from i386 before v5.7",
    },
    {
      from: "5.18",
      until: "5.20",
      cleared: [3],
      sentence:
        "it was cleared as if it were _PAGE_SWP_EXCLUSIVE (_PAGE_PWT), for which i386 without PAE has no bit",
      citation: "linux-next of April 2022, before v5.19",
    },
  ],
};
export { clues as default };
