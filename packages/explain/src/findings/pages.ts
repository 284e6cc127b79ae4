import type { AnyDecoded } from "@ptekit/core";
import { presentName, spans } from "../words/look.ts";
import type { Case, Reading, Rule } from "./case.ts";
import { isPlausible, shortHex } from "./case.ts";

// Present entries: whether they are as the kernel makes them, and what the page beside them says.

const isPresent = ({ reading, level }: Case): boolean => reading?.said.kind === "present" && level === "pte";

const pfnText = (reading: Reading | null): string => {
  const pfn = (reading?.said as AnyDecoded | undefined)?.pfn ?? reading?.look?.pfn;
  return pfn === undefined ? "" : ` of pfn ${shortHex(pfn)}`;
};

const protNone = (reading: Reading | null): string =>
  reading?.look?.protNone ? ", PROT_NONE (or a NUMA hint): present for the kernel, not for the hardware" : "";

// See include/linux/mm.h (as of Linux v6.12)
const VM_PFNMAP = 0x400n;
const VM_MIXEDMAP = 0x1000_0000n;

/** A present entry of any level: it maps a page, or a huge one. */
const mapsPage = (one: Case): boolean => isPresent(one) || one.upper?.kind === "present";

/** `a fine PTE of pfn 0x1234`, `a fine pmd that maps a huge page at 0x200000` */
const fineText = ({ reading, upper, level }: Case): string =>
  upper?.kind === "present"
    ? `a fine ${level} that maps a huge page at ${shortHex(upper.address ?? 0n)}`
    : `a fine PTE${pfnText(reading)}${protNone(reading)}`;

/** Bits are set that no present entry has. One software bit that the kernel does not use may as well have flipped. */
const isForeign = ({ look, candidate: { backend } }: Reading): boolean =>
  look !== null &&
  (look.stray.length > 1 ||
    look.stray.some((bit) =>
      backend.present?.fields.some((row) => row.kind !== "free" && bit <= row.high && bit >= row.low),
    ));

const strayText = ({ look }: Reading): string =>
  look?.stray.length === 1 ? `; bit ${look.stray[0]} is set, which the kernel does not use` : "";

/** Why the hardware refused an access to a present page. */
function refusal(code: number, names: readonly string[]): string | null {
  const has = (name: string): boolean => names.includes(name);
  if ((code & 16) !== 0 && has("_PAGE_NX")) return "the page may not be executed (_PAGE_NX)";
  if ((code & 4) !== 0 && !has("_PAGE_USER")) return "a program used the kernel's page (no _PAGE_USER)";
  if ((code & 2) !== 0 && !has("_PAGE_RW")) return "the page may not be written (no _PAGE_RW)";
  if ((code & 4) === 0 && has("_PAGE_USER"))
    return (code & 16) !== 0
      ? "the kernel executed a program's page (SMEP)"
      : "the kernel used a program's page without being allowed to (SMAP)";
  return null;
}

/** Whether flags are those of a process's page: the hardware's user bit, where there is one. */
const isUsers = ({ look }: Reading): boolean => look === null || look.user !== false || look.protNone;

export const PAGES: readonly Rule[] = [
  {
    name: "special-elsewhere",
    cause: "special-entry",
    strength: "sure",
    citation: "See vm_normal_page() in mm/memory.c (as of Linux v6.12)",
    holds: (one) => {
      const { reading, details } = one;
      if (!isPresent(one) || !reading?.look?.special || reading.look.devmap || reading.look.stray.length > 0)
        return null;
      const { vmFlags } = details;
      if (vmFlags === undefined || (vmFlags & (VM_PFNMAP | VM_MIXEDMAP)) !== 0n) return null;
      return {
        sentence: `a present, special PTE${pfnText(reading)} in an area that does not allow it: vm_flags ${shortHex(vmFlags)} has neither VM_PFNMAP nor VM_MIXEDMAP`,
        next: `the fault handler that maps it${details.fault ? ` (${details.fault})` : ""}: it must set VM_PFNMAP, or insert the page itself`,
      };
    },
  },
  {
    name: "devmap-alone",
    cause: "special-entry",
    strength: "sure",
    citation: "See pte_mkdevmap() in the architecture's pgtable.h (as of Linux v5.4)",
    holds: (one) => {
      if (one.level !== "pte") return null;
      const found = [one.reading, ...(one.numbers === null ? one.others : [])].find(
        (reading) =>
          reading?.said.kind === "present" &&
          reading.look?.devmap &&
          !reading.look.special &&
          reading.look.stray.length === 0,
      );
      // On x86, DEVMAP stands alone; elsewhere vm_normal_page() asks for SPECIAL first.
      if (!found?.look?.names.some((name) => name === "PTE_DEVMAP")) return null;
      return {
        sentence: `a present PTE${pfnText(found)} with DEVMAP but without SPECIAL, which a devmap PTE must have too: vm_normal_page() takes it for a page that is counted`,
        next: "pte_mkdevmap() of that kernel, which forgot PTE_SPECIAL",
      };
    },
  },
  {
    name: "freed-page",
    cause: "page-already-freed",
    strength: "sure",
    citation: "See PGTY_buddy in include/linux/page-flags.h (as of Linux v6.12)",
    holds: (one) => {
      const { page } = one;
      if (!mapsPage(one) || page === null) return null;
      const isBuddy =
        /\bbuddy\b/.test(page.type ?? "") || page.flags.includes("buddy") || page.mapcount === -128;
      const freed = isBuddy
        ? "is in the page allocator already (page_type buddy, which reads as mapcount:-128)"
        : null;
      if (freed === null) return null;
      return {
        sentence: `${fineText(one)}, but its page ${freed}: the page was freed while it was still mapped`,
        next: `who dropped a reference too many: ${one.details.fault ? `the driver or file system of ${one.details.fault}` : "the owner of the page"}`,
      };
    },
  },
  {
    name: "negative-mapcount",
    cause: "mapcount-underflow",
    strength: "sure",
    citation: "See zap_pte_range() in mm/memory.c (as of Linux v6.12): page_mapcount() below 0 is a bad PTE",
    holds: (one) => {
      const { page } = one;
      if (!mapsPage(one) || page === null || page.mapcount >= 0 || page.mapcount <= -100) return null;
      const reserved = page.flags.includes("reserved")
        ? "; the page is reserved: it has no mapcount, so its area should be VM_PFNMAP"
        : "";
      const free = page.refcount === 0 ? "; nobody holds a reference to it any more" : "";
      return {
        sentence: `${fineText(one)}; the page dump beside it says mapcount:${page.mapcount}: the page's count is wrong (an underflow), not the entry${reserved}${free}`,
        next: `who unmapped the page without having mapped it${one.details.fault && !/^(?:0x0|\(null\))/.test(one.details.fault) ? `; its area's fault handler is ${one.details.fault}` : ""}`,
      };
    },
  },
  {
    name: "still-inverted",
    cause: "pfn-still-inverted",
    strength: "sure",
    citation: "See flip_protnone_guard() in arch/x86/include/asm/pgtable-invert.h (as of Linux v6.12)",
    holds: (one) => {
      const { reading } = one;
      const look = reading?.look;
      if (!isPresent(one) || reading === null || !look || look.inverted === null || look.protNone)
        return null;
      const { kernel } = reading.candidate.backend;
      const limit = BigInt(kernel.physBits - kernel.pageShift);
      if (look.beyond.length === 0 || look.inverted >> (limit - 6n) !== 0n || look.inverted === 0n)
        return null;
      return {
        sentence: `PRESENT is set, but the PFN is still stored inverted, as only PROT_NONE PTEs have it (since L1TF): inverted back it is pfn ${shortHex(look.inverted)}, real memory. PRESENT was added to a PROT_NONE PTE without turning the PFN back`,
        next: "who changes PTEs bit by bit instead of with pte_modify(): an out-of-tree patch or driver",
      };
    },
  },
  {
    name: "reserved-address",
    cause: "pfn-out-of-range",
    strength: "sure",
    citation: "Intel SDM 3A, 4.5: address bits above MAXPHYADDR are reserved",
    holds: (one) => {
      const { reading, details } = one;
      const look = reading?.look;
      if (
        !isPresent(one) ||
        !look ||
        reading === null ||
        look.stray.length > 0 ||
        look.beyond.length === 0 ||
        !isUsers(reading)
      )
        return null;
      const { kernel } = reading.candidate.backend;
      const rsvd = details.errorCode !== undefined && (details.errorCode & 8) !== 0;
      const code = rsvd
        ? `; the error code (${details.errorCode?.toString(16).padStart(4, "0")}) says so with its RSVD bit`
        : "";
      const bits = look.beyond.length > 1 ? `bits ${spans(look.beyond)} are` : `bit ${look.beyond[0]} is`;
      // One or two stray address bits are a wrong address; many are no address at all.
      if (look.beyond.length > 3) return null;
      return {
        sentence: `a present PTE whose physical address lies where no memory is: ${bits} set, above the ${kernel.physBits} bits of the kernel's MAX_PHYSMEM_BITS, and reserved above the CPU's MAXPHYADDR${code}`,
        next: `who maps that address: a driver's mmap() with a wrong offset${details.fault ? ` (${details.fault})` : ""}, or a flipped bit`,
      };
    },
  },
  {
    name: "reserved-bit",
    cause: "pfn-out-of-range",
    strength: "sure",
    citation: "Intel SDM 3A, 4.7: RSVD is set where a reserved bit of a present entry is",
    holds: (one) => {
      const { reading, details } = one;
      const look = reading?.look;
      const code = details.errorCode ?? 0;
      if (!isPresent(one) || !look || reading === null || (code & 9) !== 9) return null;
      if (isForeign(reading) || look.beyond.length > 0 || look.protNone) return null;
      const { kernel } = reading.candidate.backend;
      const address = look.pfn << BigInt(kernel.pageShift);
      return {
        sentence: `a present PTE${pfnText(reading)}, in order but for its address ${shortHex(address)}: the error code ${code.toString(16).padStart(4, "0")} says that a reserved bit is set, so the address (its highest bit is bit ${address.toString(2).length - 1}) lies above the CPU's MAXPHYADDR`,
        next: "who maps that address, and how many address bits the CPU (of a guest: its hypervisor) says that it has",
      };
    },
  },
  {
    name: "beyond-memory",
    cause: "pfn-out-of-range",
    strength: "likely",
    citation: "The machine's memory, as the log has it",
    holds: (one) => {
      const { reading, details } = one;
      const look = reading?.look;
      if (!isPresent(one) || !look || reading === null || look.stray.length > 0 || look.beyond.length > 0)
        return null;
      const { memory } = details;
      const address = look.pfn << BigInt(reading.candidate.backend.kernel.pageShift);
      // Holes below 4 GiB and beside lie between what is there.
      if (memory === undefined || address < memory * 4n + (4n << 30n)) return null;
      return {
        sentence: `a present PTE of pfn ${shortHex(look.pfn)}, far beyond the machine's memory (${memory >> 20n} MiB)`,
        next: "who maps that address, or a flipped bit",
      };
    },
  },
  {
    name: "impossible-present",
    cause: "table-overwritten",
    strength: "likely",
    leftover: true,
    citation: "The architecture's description of present PTEs",
    holds: (one) => {
      const { reading } = one;
      const look = reading?.look;
      if (!isPresent(one) || reading === null || !look || (!isForeign(reading) && look.beyond.length <= 3))
        return null;
      if (
        one.numbers === null &&
        one.others.some((other) => other.said.kind === "present" && other.look !== null && isPlausible(other))
      )
        return null;
      const { backend } = reading.candidate;
      const stray =
        look.stray.length === 0
          ? []
          : [`bits ${spans(look.stray)} are set, bits that no PTE of ${one.release ?? "that kernel"} uses`];
      const beyond =
        look.beyond.length === 0
          ? []
          : [
              `its pfn ${shortHex(look.pfn)} lies beyond the ${backend.kernel.physBits} bits that a physical address can have`,
            ];
      return {
        sentence: `the present bit (${presentName(backend)}) is set, but ${[...stray, ...beyond].join(", and ")}: no entry that the kernel writes, foreign data lies over the page table`,
        next: "whose data it is: other reports of the same pmd show more of it; a memtest rules out the memory",
      };
    },
  },
  {
    name: "present-unused",
    cause: "table-overwritten",
    strength: "likely",
    citation: "The architecture's description of present PTEs",
    holds: (one) => {
      const { reading, page } = one;
      if (!isPresent(one) || reading === null || page !== null || one.kind !== "bad-map") return null;
      const look = reading.look;
      if (
        look === null ||
        look.user !== false ||
        look.protNone ||
        isForeign(reading) ||
        look.beyond.length > 0
      )
        return null;
      return {
        sentence: `it is present by the bit that the kernel reads (${presentName(reading.candidate.backend)}), but not as a process's page: ${look.names.join(" ")}; no PTE that the kernel writes for a process, so foreign data, it seems, lies over the page table`,
      };
    },
  },
  {
    name: "access-refused",
    cause: "fine-pte",
    strength: "likely",
    citation: "Intel SDM 3A, 4.6 and 4.7: access rights, and the error code of a page fault",
    holds: (one) => {
      const { reading, details, kind } = one;
      const look = reading?.look;
      const code = details.errorCode;
      if (kind !== "walk" || !isPresent(one) || reading === null || !look || code === undefined) return null;
      if ((code & 9) !== 1 || isForeign(reading) || look.protNone) return null;
      const why = refusal(code, look.names);
      if (why === null) return null;
      return {
        sentence: `a fine, present PTE${pfnText(reading)}; the access was refused, not the entry: ${why} (error code ${code.toString(16).padStart(4, "0")})`,
        next: "the code that used that address",
      };
    },
  },
  {
    name: "page-mapped-twice",
    cause: "page-already-freed",
    strength: "likely",
    citation: "The records of this log",
    holds: (one) => {
      const { reading, page, kin, pte } = one;
      const look = reading?.look;
      if (!isPresent(one) || !look || page !== null) return null;
      const others = kin.filter(
        (other) => other.pfn === look.pfn && (other.pte !== pte || other.pmd !== one.pmd),
      );
      if (others.length === 0 || !reading || !isPlausible(reading)) return null;
      return {
        sentence: `a fine PTE${pfnText(reading)}; another report of this log has the same page: it was given out twice, or freed while mapped`,
        next: "who freed the page while it was mapped",
      };
    },
  },
  {
    name: "fine",
    cause: "fine-pte",
    strength: "possible",
    leftover: true,
    citation: "The architecture's description of present PTEs",
    holds: (one) => {
      const { reading, kind } = one;
      if (!isPresent(one) || reading === null) return null;
      if (reading.look !== null && (isForeign(reading) || reading.look.beyond.length > 0)) return null;
      const known =
        reading.look === null ? " (how a present PTE looks on this architecture is not described)" : "";
      const whose = reading.look?.user === false && !reading.look.protNone ? ", the kernel's own" : "";
      return {
        sentence: `a ${reading.look === null ? "present" : "fine, present"} PTE${pfnText(reading)}${whose}${protNone(reading)}${strayText(reading)}${known}; ${kind === "bad-map" ? "what is wrong is not in the entry, but in the page or the area that it belongs to" : "nothing is wrong with it"}`,
        ...(kind === "bad-map"
          ? { next: "the page dump and the vm_flags of the report: mapcount, refcount, the page's flags" }
          : {}),
      };
    },
  },
];
