import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "arm",
  clues: [
    { form: /-v7l\+?(?!\w)/, weight: 10, config: { CONFIG_ARM_LPAE: "y" } },
    { form: /-v[67]\+?(?!\w)|\barmv[4-7]\w{0,4}|\barmhf\b|-armmp\b/i, weight: 10 },
    { form: /\bOops: [0-9a-f]{1,8} \[#\d{1,6}\](?: PREEMPT| SMP){0,2} (?:ARM|THUMB2)\b/, weight: 10 },
    { form: /-armmp-lpae\b|\bLPAE\b/, weight: 4, config: { CONFIG_ARM_LPAE: "y" } },
    { form: /\bPC is at |\bLR is at |\bFlags: [nN][zZ][cC][vV]/, weight: 8 },
    { form: /\*ppte\s?=/, weight: 8, config: { CONFIG_ARM_LPAE: "n" } },
    { form: /\*pgd\s?=\s?[0-9a-f]{8}\b|\bpgd = [0-9a-f]{8}\b/, weight: 6 },
    { form: /ret_fast_syscall|__dabt_usr|do_DataAbort|__irq_svc/, weight: 8 },
    { form: /8<--- cut here ---/, weight: 7 },
    {
      form: /\bHardware name: .{0,120}(?:Generic DT based system|\((?:Flattened )?Device Tree(?: Support)?\))/,
      weight: 7,
    },
    {
      form: /\bHardware name: .{0,120}(?:BCM2\d{3}|ASpeed|Allwinner|OMAP|Exynos|Marvell|AM33XX|SAMA5|STM32)/i,
      weight: 3,
    },
    { form: /\bpmd:[0-9a-f]{1,8}(?:831|811)\b|\bpmd:[0-9a-f]{5}8[13]1\b/, weight: 5 },
  ],
  kernel: [{ from: 0x8000_0000n, to: 0xfeff_ffffn, what: "the kernel's half", physical: "moved" }],
};
export { clues as default };
