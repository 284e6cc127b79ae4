import { parseRelease } from "@ptekit/core";
import type { LogLine } from "./lines.ts";

/** What a stretch of log says of the machine. */
export interface Scene {
  readonly release: Found | null;
  /** Architectures by how strongly the log speaks for them, the strongest first. */
  readonly archs: readonly Evidence[];
  /** BITS_PER_LONG, from the width of a printed address. */
  readonly longBits: 32 | 64 | null;
  /** The log speaks for three-level page tables on 32 bits (PAE, LPAE), or against. */
  readonly pae: boolean | null;
}

/** Something read from a line. */
interface Found {
  readonly text: string;
  readonly line: number;
}

export interface Evidence {
  readonly arch: string;
  readonly weight: number;
  /** The words of the log that speak for it. */
  readonly because: readonly string[];
}

interface Clue {
  readonly form: RegExp;
  /** The architectures it speaks for, and how strongly: 10 settles it. */
  readonly archs: Readonly<Record<string, number>>;
  readonly pae?: boolean;
}

const only = (arch: string, weight: number): Record<string, number> => ({ [arch]: weight });
const X86 = { x86_64: 3, i386: 2 };

/** What names or betrays an architecture. */
const CLUES: readonly Clue[] = [
  // names, as in release strings and compilers
  { form: /(?:-|\b)(?:amd64|x86[_-]64)\b/i, archs: only("x86_64", 10) },
  { form: /\b(?:arm64|aarch64)\b/i, archs: only("arm64", 10) },
  { form: /-v7l\+?(?!\w)/, archs: only("arm", 10), pae: true },
  { form: /-v[67]\+?(?!\w)|\barmv[4-7]\w*|\barmhf\b|-armmp\b/i, archs: only("arm", 10) },
  { form: /-armmp-lpae\b|\bLPAE\b/, archs: only("arm", 4), pae: true },
  { form: /-v8(?:-16k)?\+?(?!\w)/, archs: only("arm64", 9) },
  { form: /\bi[3-6]86\b|-[3-6]86\b/i, archs: only("i386", 10) },
  { form: /-686-pae\b|\bi686-pae\b/i, archs: only("i386", 10), pae: true },
  {
    form: /\bppc(?:64|64le|64el|32)?\b|\bpowerpc\w*\b|\bPower ?(?:Mac|Book)|\bpSeries\b|\bPowerNV\b/i,
    archs: only("powerpc", 10),
  },
  { form: /\bs390x?\b/i, archs: only("s390", 10) },
  { form: /\briscv(?:32|64)?\b|\bSiFive\b|\bStarFive\b|\bVisionFive\b/i, archs: only("riscv", 10) },
  { form: /\bsparc(?:32|64)?\b|\bUltraSPARC\b/i, archs: only("sparc", 10) },
  { form: /\bparisc(?:64)?\b|\bhppa\w*\b|\brp[34]4\d0\b|\b9000\/\d{3}/i, archs: only("parisc", 10) },
  { form: /\bloong(?:arch|64)\w*\b|\bLoongson-3[A-C][56]/i, archs: only("loongarch", 10) },
  { form: /\bmips(?:32|64)?(?:el)?\b|\bMalta\b|\bLantiq\b/i, archs: only("mips", 9) },
  { form: /\bm68k\b|\bMC680[2-6]0\b/i, archs: only("m68k", 10) },
  { form: /\balpha(?:ev\w+)?-(?:linux|unknown)|\bAlphaServer\b/i, archs: only("alpha", 10) },
  { form: /\bxtensa\b/i, archs: only("xtensa", 10) },
  { form: /\bopenrisc\b|\bor1k\b/i, archs: only("openrisc", 10) },
  { form: /\bmicroblaze\b/i, archs: only("microblaze", 10) },
  { form: /\bnios2\b/i, archs: only("nios2", 10) },
  { form: /\bcsky\b/i, archs: only("csky", 10) },
  { form: /\bhexagon\b/i, archs: only("hexagon", 10) },
  { form: /\bsh4\w*-(?:linux|unknown)|\bSuperH\b/i, archs: only("sh", 10) },
  { form: /\bUser Mode Linux\b/i, archs: only("um", 10) },
  // registers and dumps
  { form: /\b[ER]IP: [0-9a-f]{4}:|\b[ER]FLAGS: /, archs: { x86_64: 2, i386: 2 } },
  { form: /\bRIP: |\bRAX: |\bR1[0-5]: [0-9a-f]{16}|\bCR2: [0-9a-f]{16}/, archs: only("x86_64", 9) },
  { form: /\bEIP: |\bEAX: |\*pde\s*=|\bCR2: [0-9a-f]{8}\b/, archs: only("i386", 9) },
  { form: /\*pdpt\s*=/, archs: only("i386", 9), pae: true },
  { form: /\*pde\s*=\s*[0-9a-f]{8}\b/, archs: {}, pae: false },
  {
    form: /\bx29\s?: [0-9a-f]{16}|\bESR = 0x|\bpgd=[0-9a-f]{16}, p[4u]d=|\buser pgtable: \d+k pages, \d+-bit VAs/,
    archs: only("arm64", 9),
  },
  {
    form: /\bPC is at |\bLR is at |\bFlags: [nN][zZ][cC][vV]|\*pgd\s*=|\bpgd = [0-9a-f]{8}/,
    archs: only("arm", 8),
  },
  { form: /\*ppte\s*=/, archs: only("arm", 8), pae: false },
  { form: /\bNIP:? |\bGPR00:|\bMSR:? +[0-9a-f]{8}/, archs: only("powerpc", 9) },
  { form: /\bKrnl PSW\b|\bUser PSW\b/, archs: only("s390", 10) },
  { form: /\bepc ?: [0-9a-f]+ ra ?: [0-9a-f]+|\bscause: /, archs: only("riscv", 9) },
  { form: /\bTSTATE: |\bTPC: |\bPSR: [0-9a-f]{8} PC: /, archs: only("sparc", 10) },
  { form: /\bIAOQ:|\bIASQ:|YZrvWESTHLNXBCVMCRQPDI/, archs: only("parisc", 10) },
  { form: /\bCause ?: [0-9a-f]{8}.*ExcCode|\$ ?0 +: 0/, archs: only("mips", 8) },
  { form: /\bera ?: ?[0-9a-f]+|\bCRMD: |\bECFG: /, archs: only("loongarch", 10) },
  // functions of a call trace
  { form: /entry_SYSCALL_64|__x64_sys_|do_syscall_64|asm_\w*page_fault/, archs: only("x86_64", 7) },
  {
    form: /entry_INT80_32|entry_SYSENTER_32|sysenter_past_esp|do_(?:int80|fast)_syscall_32|__ia32_sys_/,
    archs: only("i386", 5),
  },
  { form: /el0t?_(?:64_)?(?:svc|sync|da)\b|__arm64_sys_|do_el0_svc|el1h_64_sync/, archs: only("arm64", 8) },
  { form: /ret_fast_syscall|__dabt_usr|do_DataAbort|__irq_svc/, archs: only("arm", 8) },
  {
    form: /system_call_exception|ret_from_syscall.*\bppc|InstructionAccess_virt|DataAccess_virt/,
    archs: only("powerpc", 7),
  },
  { form: /do_trap_ecall_u|ret_from_exception\+.*riscv/, archs: only("riscv", 8) },
  { form: /linux_sparc_syscall|sun4[uv]_/, archs: only("sparc", 8) },
  // machines
  {
    form: /Hardware name: .*(?:Generic DT based system|\((?:Flattened )?Device Tree(?: Support)?\))/,
    archs: only("arm", 7),
  },
  { form: /Hardware name: .*(?:linux,dummy-virt|Raspberry Pi [345])/, archs: { arm64: 3, arm: 2 } },
  {
    form: /Hardware name: .*(?:BCM2\d{3}|Raspberry Pi|ASpeed|Allwinner|i\.MX|OMAP|Exynos|Marvell|Rockchip)/i,
    archs: { arm: 3, arm64: 3 },
  },
  {
    form: /Hardware name: .*(?:QEMU Standard PC|, BIOS |PowerEdge|ProLiant|ThinkPad|LENOVO|Supermicro)/i,
    archs: X86,
  },
  { form: /Hardware name: .*\bIBM \d{4} /, archs: only("s390", 8) },
  { form: /Hardware name: .*\briscv-virtio/, archs: only("riscv", 10) },
  // the PMD beside a PTE: which bits a pointer to a page table has set
  { form: /\bpmd:[0-9a-f]*(?:067|063|027|867)\b/, archs: X86 },
  { form: /\bpmd:[0-9a-f]{1,8}(?:831|811)\b|\bpmd:[0-9a-f]{5}8[13]1\b/, archs: only("arm", 5) },
  { form: /\bpmd:(?:[08]?8?0*[0-9a-f]{6,13})(?:003)\b/, archs: { arm64: 3, arm: 1 } },
];

/** What a stretch of log says of the machine it comes from. */
export function sceneOf(lines: readonly LogLine[]): Scene {
  const weights = new Map<string, { weight: number; because: string[] }>();
  let pae: boolean | null = null;
  for (const clue of CLUES) {
    const match = firstMatch(lines, clue.form);
    if (match === null) continue;
    pae = clue.pae ?? pae;
    for (const [arch, weight] of Object.entries(clue.archs)) {
      const known = weights.get(arch) ?? { weight: 0, because: [] };
      weights.set(arch, { weight: known.weight + weight, because: [...known.because, match] });
    }
  }
  const longBits = widthOfAddresses(lines);
  const archs = [...weights]
    .map(([arch, evidence]) => ({ arch, ...evidence }))
    .filter(({ arch }) => longBits === null || !contradicts(arch, longBits))
    .sort((a, b) => b.weight - a.weight);
  return { release: releaseIn(lines), archs, longBits, pae };
}

function firstMatch(lines: readonly LogLine[], form: RegExp): string | null {
  for (const { text } of lines) {
    const match = form.exec(text);
    if (match) return match[0].trim();
  }
  return null;
}

const WIDE = ["x86_64", "arm64", "s390", "alpha"];
const NARROW = [
  "i386",
  "arm",
  "arc",
  "csky",
  "hexagon",
  "m68k",
  "microblaze",
  "nios2",
  "openrisc",
  "sh",
  "xtensa",
];
const contradicts = (arch: string, bits: 32 | 64): boolean => (bits === 64 ? NARROW : WIDE).includes(arch);

/** `addr:` is printed at the width of a pointer. */
function widthOfAddresses(lines: readonly LogLine[]): 32 | 64 | null {
  for (const { text } of lines) {
    const digits = /\baddr:\s*(?:0x)?([0-9a-f]+)\b(?=.*\bvm_flags:)/.exec(text)?.[1];
    if (digits?.length === 8) return 32;
    if (digits?.length === 16) return 64;
  }
  return null;
}

/** Where a log names its kernel, the surest first. */
const RELEASES: readonly RegExp[] = [
  // CPU: 1 PID: 42 Comm: cc1plus Tainted: G  B  6.0.0-rc2 #1 (older: Pid: 42, comm: …)
  /\b(?:CPU|Pid|PID|comm|Comm):.*?\s(v?\d+\.\d+\S*)\s+#\d+/,
  /\bLinux version (\d+\.\d+\S*)/,
  /(?:^|\s)(\d+\.\d+\.\d+\S*)\s+#\d+/,
  /\b(?:kernel|linux|running|on|version)[ :-]+v?(\d\.\d+(?:\.\d+)?\S*)/i,
];

/** The release that a stretch of log names, or null. */
function releaseIn(lines: readonly LogLine[]): Found | null {
  for (const form of RELEASES) {
    for (const [index, { text, number }] of lines.entries()) {
      // What begins on this line may have been wrapped onto the next.
      const match = form.exec(`${text} ${lines[index + 1]?.text ?? ""}`);
      const found = match?.[1]?.replace(/[,;:)\]."'`]+$/, "");
      if (found !== undefined && match !== null && match.index <= text.length && isRelease(found)) {
        return { text: found, line: number };
      }
    }
  }
  return null;
}

function isRelease(text: string): boolean {
  try {
    const [major = 0] = parseRelease(text).numbers;
    return major >= 2 && major < 20;
  } catch {
    return false;
  }
}
