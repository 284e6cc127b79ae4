import { shortHex } from "@ptekit/core";
import type { Case, Rule } from "./case.ts";
import { isPlausible } from "./case.ts";
import { isForeign, isPresent, pfnText, protNone, strayText } from "./describe.ts";

// Entries in order whose page or area is not: what the dump beside them says.

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
