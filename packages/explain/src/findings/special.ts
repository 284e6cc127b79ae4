import type { AnyDecoded } from "@ptekit/core";
import { hex, shortHex } from "@ptekit/core";
import type { Rule } from "./case.ts";
import { breaksZeros, isPlausible } from "./case.ts";
import { toldOf } from "./describe.ts";

// Markers and special entries, met by code that did not expect them.

export const SPECIAL: readonly Rule[] = [
  {
    name: "marker",
    cause: "marker",
    strength: "sure",
    citation: "See SWP_PTE_MARKER in include/linux/swapops.h (as of Linux v6.12)",
    holds: (one) => {
      const told = toldOf(one);
      if (told?.kind !== "marker" || one.reading === null || !isPlausible(one.reading)) return null;
      const names = told.markers ?? [];
      const raw = `The raw PTE is ${hex(told.pte, one.reading.candidate.backend.layout.pteBits)}`;
      const unknown = /^(?:unrecognized|zap)/.test(one.message);
      const what = unknown
        ? `; your kernel config does not know it${names.includes("uffd-wp") ? " (CONFIG_PTE_MARKER_UFFD_WP is off, and yet one was installed)" : ""}`
        : ": it names no swap slot and no page, and whoever met it here did not expect a marker";
      return {
        sentence: `${names.join(" and ")} PTE marker${unknown ? what : `, put there by the kernel (${names.includes("guard") ? "MADV_GUARD_INSTALL" : names.includes("uffd-wp") ? "userfaultfd" : "a page that was lost"})${what}`}. ${raw}`,
        next: "the function in the call trace that took it for a page: it must check pte_present() first",
      };
    },
  },
  {
    name: "huge-special",
    cause: "special-entry",
    strength: "likely",
    citation: "See pmd_is_migration_entry() in include/linux/leafops.h (as of Linux v7.2)",
    holds: ({ level, kind, upper }) => {
      if (level === "pte" || kind === "tool" || upper?.kind !== "entry" || upper.said === null) return null;
      const said: AnyDecoded = upper.said;
      const what = `${said.kind}${said.access ? ` (${said.access})` : ""}`;
      const pfn = said.pfn === undefined ? (said.markers ?? []).join(" and ") : `pfn ${shortHex(said.pfn)}`;
      return {
        sentence: `the ${level} holds a ${what} entry of a huge page, ${pfn}: a special entry, neither a table nor a present page`,
        next: "the code that met it: it must ask whether the entry is present before it takes it for a page or a table",
      };
    },
  },
  {
    name: "unknown-marker",
    cause: "marker",
    strength: "possible",
    citation: "See pte_marker in include/linux/swapops.h (as of Linux v6.12)",
    holds: (one) => {
      const told = toldOf(one);
      if (
        told?.kind !== "marker" ||
        one.reading === null ||
        (told.markers ?? []).length > 0 ||
        breaksZeros(one.reading.candidate.backend, told.pte)
      )
        return null;
      if ((told.offset ?? 0n) > 0xffn) return null;
      return {
        sentence: `type ${told.type} is the marker type, but offset ${shortHex(told.offset ?? 0n)} has no bit that ${one.release ?? "this kernel"} knows`,
      };
    },
  },
  {
    name: "special-type",
    cause: "special-entry",
    strength: "likely",
    citation: "See MAX_SWAPFILES in include/linux/swap.h (as of Linux v6.12)",
    holds: (one) => {
      const told = toldOf(one);
      if (told === null || one.reading === null || !isPlausible(one.reading) || one.kind === "tool")
        return null;
      if (
        !["migration", "hwpoison", "device-private", "device-exclusive", "swapin-error"].includes(told.kind)
      )
        return null;
      const { types } = one.reading.candidate.backend;
      const name = types.special.find(({ type }) => type === told.type)?.name ?? told.kind;
      const pfn = told.pfn === undefined ? "" : `, pfn ${shortHex(told.pfn)}`;
      return {
        sentence: `type ${told.type} is ${name}${pfn}: a special entry, no swap area (MAX_SWAPFILES is ${types.maxSwapfiles} here)`,
        next:
          told.kind === "hwpoison"
            ? "the memory error that poisoned the page"
            : "the code that took a special entry for a swap slot",
      };
    },
  },
];
