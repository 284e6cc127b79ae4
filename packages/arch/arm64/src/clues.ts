import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "arm64",
  clues: [
    { form: /(?<![a-z0-9])(?:arm64|aarch64)\b/i, weight: 10 },
    { form: /-v8(?:-16k)?\+?(?!\w)/, weight: 9 },
    {
      form: /\bx29\s?: [0-9a-f]{16}|\bESR = 0x|\bpgd=[0-9a-f]{16}, p[4u]d=|\b(?:user|swapper) pgtable: \d{1,2}k pages, \d\d-bit VAs/,
      weight: 9,
    },
    { form: /el0t?_(?:64_)?(?:svc|sync|da)\b|__arm64_sys_|do_el0_svc|el1h_64_sync|el0_svc_naked/, weight: 8 },
    { form: /\bffff0[0-9a-f]{11}\b|\bffff80[01][0-9a-f]{9}\b/, weight: 6 },
    { form: /\bffffff[8c][0-9a-f]{9}\b/, weight: 5 },
    { form: /\bpage:ffff(?:7e|fe|fd)[0-9a-f]{10}\b|\bpage:fffff[cd][0-9a-f]{10}\b/, weight: 4 },
    { form: /^Call trace:/, weight: 4 },
    { form: /\bqemu-system-aar/, weight: 5 },
    { form: /-android1[1-9]-/, weight: 4 },
    {
      form: /\bHardware name: .{0,120}(?:linux,dummy-virt|KVM Virtual Machine|Raspberry Pi [345]|ThunderX|Ampere|Kunpeng|Unisoc|Qualcomm|Apple M\d|Rockchip RK3[3-5]|TaiShan)/i,
      weight: 4,
    },
    { form: /\bHardware name: .{0,120}(?:\(DT\)|BCM2\d{3}|Allwinner|i\.MX|Marvell|Rockchip)/i, weight: 3 },
    { form: /\bpmd[:=](?:0x)?[0-9a-f]{5,13}[04c]03\b/, weight: 4 },
    { form: /\bpmd[:=](?:0x)?[08][08]0000[0-9a-f]{7}[04c]03\b/, weight: 3 },
  ],
  kernel: [
    { from: 0xffff_0000_0000_0000n, to: 0xffff_7fff_ffff_ffffn, what: "the direct map", physical: "moved" },
    {
      from: 0xffff_8000_0000_0000n,
      to: 0xffff_ffff_ffff_efffn,
      what: "the kernel's image, modules or vmalloc memory",
    },
  ],
  user: [
    { from: 0xaaaa_0000_0000n, to: 0xffff_ffff_ffffn, what: "a program's code, libraries or the stack" },
  ],
  code: [
    { mask: 0xffff_ffff, value: 0xd65f_03c0, text: "ret" },
    { mask: 0xffff_ffff, value: 0xd503_201f, text: "nop" },
    { mask: 0xffff_ffff, value: 0xd503_233f, text: "paciasp" },
    { mask: 0xffff_ffff, value: 0xd503_23bf, text: "autiasp" },
    { mask: 0xffff_fc00, value: 0x910003fd & 0xfffffc00, text: "mov x29,sp" },
    { mask: 0xffc0_7fff, value: 0xa980_7bfd, text: "stp x29,x30,[sp,#…]!" },
    { mask: 0xffc0_7fff, value: 0xa8c0_7bfd, text: "ldp x29,x30,[sp],#…" },
    { mask: 0xfc00_0000, value: 0x9400_0000, text: "bl" },
    { mask: 0xffe0_ffe0, value: 0xaa00_03e0, text: "mov" },
  ],
};
export { clues as default };
