/** The dump of a page that stands beside a report. */
export interface PageDump {
  readonly line: number;
  readonly refcount: number;
  readonly mapcount: number;
  readonly mapping: bigint | null;
  readonly pfn: bigint | null;
  /** `referenced`, `reserved` */
  readonly flags: readonly string[];
  /** `buddy`, `offline`, … or the empty text of a page that is mapped. */
  readonly type: string | null;
}

/** What the lines around a report say of its area, its task and its machine. */
export interface Details {
  readonly line: number;
  readonly address?: bigint;
  readonly vmFlags?: bigint;
  readonly file?: string;
  readonly fault?: string;
  readonly taint?: string;
  /** The error code of an x86 page fault. */
  readonly errorCode?: number;
  /** The ESR of an arm64 fault. */
  readonly syndrome?: number;
  /** Bytes of a swap area that was switched on. */
  readonly swapArea?: bigint;
  /** Bytes of the machine's memory. */
  readonly memory?: bigint;
  readonly page?: PageDump;
  readonly pageFlags?: readonly string[];
  readonly pageType?: string;
  /** Addresses of the kernel that were printed. */
  readonly pointers?: readonly bigint[];
}

const hex = (digits: string | undefined): bigint | undefined =>
  digits === undefined ? undefined : BigInt(`0x${digits}`);

interface Reader {
  readonly form: RegExp;
  readonly read: (
    groups: Readonly<Record<string, string | undefined>>,
    line: number,
  ) => Omit<Details, "line">;
}

const UNITS: Readonly<Record<string, bigint>> = { k: 1n << 10n, m: 1n << 20n, g: 1n << 30n, t: 1n << 40n };

/** Every line beside a report that says something of it. */
const READERS: readonly Reader[] = [
  {
    form: /\bpage:\s{0,2}(?:\S{1,24}\s{1,4})?(?:ref)?count:(?<refs>-?\d+) mapcount:(?<maps>-?\d+)(?: mapping:\s{0,20}(?:0x)?(?<mapping>[0-9a-f]{8,16}|\(null\)))?.{0,80}?(?:pfn:(?:0x)?(?<pfn>[0-9a-f]{1,16})|$)/,
    read: ({ refs, maps, mapping, pfn }, line) => ({
      page: {
        line,
        refcount: Number(refs),
        mapcount: Number(maps),
        mapping: mapping === undefined || mapping.startsWith("(") ? null : (hex(mapping) ?? null),
        pfn: hex(pfn) ?? null,
        flags: [],
        type: null,
      },
    }),
  },
  {
    form: /\bflags: (?:0x)?[0-9a-f]{1,16}\((?<names>[^()]{0,300})/,
    read: ({ names = "" }) => ({
      pageFlags: names.split("|").filter((name) => name !== "" && !name.includes("=")),
    }),
  },
  {
    form: /\bpage_type: (?:0x)?[0-9a-f]{1,8}\((?<type>[\w|]{0,60})\)/,
    read: ({ type = "" }) => ({ pageType: type }),
  },
  {
    form: /(?<![\w.])addr:\s?(?:0x)?(?<addr>[0-9a-f]{4,16})\b.{0,4}vm_flags:(?<vm>[0-9a-f]{1,16})/,
    read: ({ addr, vm }) => ({ address: hex(addr) as bigint, vmFlags: hex(vm) as bigint }),
  },
  {
    form: /Bad pte .{0,80}vm_flags = (?<vm>[0-9a-f]{1,16}), vaddr = (?<addr>[0-9a-f]{4,16})/,
    read: ({ addr, vm }) => ({ address: hex(addr) as bigint, vmFlags: hex(vm) as bigint }),
  },
  {
    form: /(?:^|\s)file:(?<file>\S{1,80}) fault:(?<fault>\S{1,80})/,
    read: ({ file = "", fault = "" }) => ({ file, fault }),
  },
  {
    form: /vma->vm_ops->fault: (?<fault>[\w.]{1,64})/,
    read: ({ fault = "" }) => ({ fault }),
  },
  {
    form: /(?:at (?:virtual |kernel )?address:?|request at|dereference(?:,| at) (?:virtual )?address:?|Failing address:) (?:0x)?(?<addr>[0-9a-f]{4,16})\b/,
    read: ({ addr }) => ({ address: hex(addr) as bigint }),
  },
  {
    form: /\[(?<addr>[0-9a-f]{8,16})\] \*?pgd\s?=/,
    read: ({ addr }) => ({ address: hex(addr) as bigint }),
  },
  {
    form: /\bTainted: (?<taint>[A-Z](?:\s{0,4}[A-Z]\b){0,20})/,
    read: ({ taint = "" }) => ({ taint: taint.replace(/\s+/g, "") }),
  },
  {
    form: /(?:Bad pagetable|Corrupted page table|Oops): (?<code>[0-9a-f]{4}) \[#/,
    read: ({ code = "0" }) => ({ errorCode: Number.parseInt(code, 16) }),
  },
  {
    form: /#PF: error_code\(0x(?<code>[0-9a-f]{4})\)/,
    read: ({ code = "0" }) => ({ errorCode: Number.parseInt(code, 16) }),
  },
  {
    form: /\bESR = 0x(?:0{8})?(?<esr>[0-9a-f]{8})\b|Internal error: [\w ]{1,40}: (?:0{8})?(?<oops>[89][0-9a-f]{7}) \[#/,
    read: ({ esr, oops }) => ({ syndrome: Number.parseInt(esr ?? oops ?? "0", 16) }),
  },
  {
    form: /\bAdding (?<kib>\d{1,16})k swap on /,
    read: ({ kib = "0" }) => ({ swapArea: BigInt(kib) << 10n }),
  },
  {
    form: /\bMemory: \d{1,14}[kK]\/(?<kib>\d{1,14})[kK] available/,
    read: ({ kib = "0" }) => ({ memory: BigInt(kib) << 10n }),
  },
  {
    form: /\bqemu-system\S{0,20}\s.{0,200}?\s-m (?<amount>\d{1,6})(?<unit>[kmgtKMGT]?)\b/,
    read: ({ amount = "0", unit = "" }) => ({
      memory: BigInt(amount) * (UNITS[unit.toLowerCase()] ?? 1n << 20n),
    }),
  },
];

const TELLS =
  /page:|flags: |page_type|addr:|vaddr|file:|fault:|address|Tainted|pagetable|page table|Oops|#PF|ESR|Adding |Memory: |qemu-|request at|dereference|pgd/;

/** What a line says beside a report; null where nothing. */
export function detailsIn(text: string, line: number): Details | null {
  const pointers = pointersIn(text);
  if (!TELLS.test(text)) return pointers.length > 0 ? { line, pointers } : null;
  let found: Omit<Details, "line"> | null = pointers.length > 0 ? { pointers } : null;
  for (const { form, read } of READERS) {
    const groups = form.exec(text)?.groups;
    if (groups) found = { ...found, ...read(groups, line) };
  }
  return found === null ? null : { ...found, line };
}

/** Addresses that were printed as such: behind a name of the kernel's, or among a stack's words. */
function pointersIn(text: string): bigint[] {
  if (!/[cf][0-9a-f]{7}/.test(text)) return [];
  const found: bigint[] = [];
  for (const match of text.matchAll(
    /(?<![\w:]|pte:)(?:(?:anon_vma|mapping|mm):)?(?:0x)?(?<word>(?:ff|c0|9|a)[0-9a-f]{14}|[c-f][0-9a-f]{7})(?!\w)/g,
  )) {
    if (found.length < 16) found.push(BigInt(`0x${match.groups?.word}`));
  }
  return found;
}
