import type { Decoded } from "@ptekit/core";
import { hex, shortHex } from "@ptekit/core";
import { bitsOf } from "../words/backends.ts";
import { lookOf, presentName, spans } from "../words/look.ts";
import type { Case, Reading, Rule } from "./case.ts";
import { isPlausible, maxPages } from "./case.ts";

// What is left where the word has no form of its own: other layouts first, then that it is foreign.

type Told = Decoded & { readonly type?: number; readonly offset?: bigint; readonly pfn?: bigint };

const isFar = (reading: Reading): boolean => {
  const { offset } = reading.said as Told;
  return offset !== undefined && offset > maxPages(reading.candidate.backend);
};

const isUnpresent = ({ reading }: Case): boolean =>
  reading !== null &&
  [
    "swap",
    "unassigned",
    "marker",
    "migration",
    "hwpoison",
    "device-private",
    "device-exclusive",
    "swapin-error",
  ].includes(reading.said.kind);

export const REST: readonly Rule[] = [
  {
    name: "other-layout",
    cause: "contradiction",
    strength: "likely",
    citation: "The architecture's layouts",
    holds: (one) => {
      const { reading, others, word } = one;
      if (reading === null || word === null || isPlausible(reading) || one.agreement?.kind === "same")
        return null;
      // One software bit that the kernel does not use may as well have flipped.
      if (one.pte === null || (reading.look?.stray.length === 1 && reading.said.kind === "present"))
        return null;
      const found = others.find(
        (other) =>
          isPlausible(other) &&
          other.said.kind !== "none" &&
          (other.said.kind !== "present" || other.look !== null) &&
          other.candidate.target.release === reading.candidate.target.release,
      );
      if (!found) return null;
      const told = found.said as Told;
      const what =
        told.kind === "swap"
          ? `swap type ${told.type}, offset ${shortHex(told.offset ?? 0n)}`
          : `${told.kind}${told.pfn === undefined ? "" : `, pfn ${shortHex(told.pfn)}`}`;
      return {
        sentence: `${reading.candidate.backend.layout.id} makes no sense of the word; ${found.candidate.backend.layout.id}, which a build of ${one.release ?? "that release"} may have, reads ${what}`,
        next: "which of the two that kernel has: its vendor's patches (L1TF), its configuration",
      };
    },
  },
  {
    name: "present-cleared",
    cause: "flags-lost",
    strength: "possible",
    citation: "The architecture's description of present PTEs",
    holds: (one) => {
      const { reading, pte, pmd, table } = one;
      if (
        pte === null ||
        reading === null ||
        (reading.said.kind !== "swap" && reading.said.kind !== "unassigned")
      )
        return null;
      const { look } = reading;
      if (
        look === null ||
        look.pfn === 0n ||
        look.stray.length > 0 ||
        look.beyond.length > 0 ||
        look.names.length === 0
      )
        return null;
      const { backend } = reading.candidate;
      const page = BigInt(backend.kernel.pageShift);
      const far = isFar(reading);
      const near =
        table !== null && pmd !== 0n && look.pfn >> 16n !== 0n && look.pfn >> 16n === (table >> page) >> 16n;
      if (!far && !near) return null;
      const what = look.uncached ? "device PTE" : "present PTE";
      const beside =
        near && pmd !== null ? `; the PMD ${shortHex(pmd)} beside it lies in the same region` : "";
      const sure = far
        ? `looks like a ${what} with PRESENT cleared`
        : `may be a ${what} with PRESENT cleared`;
      return {
        sentence: `${sure} (${presentName(backend)}): pfn ${shortHex(look.pfn)}, ${look.names.join(" ")}${beside}`,
        next: "who clears the PRESENT bit alone",
        strength: far ? "likely" : "possible",
      };
    },
  },
  {
    name: "shifted",
    cause: "table-overwritten",
    strength: "likely",
    citation: "The architecture's description of present PTEs",
    holds: (one) => {
      const { reading, pte } = one;
      if (pte === null || one.bits !== 64 || reading === null || !isUnpresent(one) || !isFar(reading))
        return null;
      const { backend } = reading.candidate;
      const user = backend.present?.user;
      if (!user) return null;
      for (const shift of [8n, 16n, 24n, 32n]) {
        for (const [moved, way] of [
          [pte >> shift, "left"],
          [BigInt.asUintN(64, pte << shift), "right"],
        ] as const) {
          const look = lookOf(backend, moved);
          const flags = look === null ? 0n : moved & 0xfffn;
          if (
            look &&
            look.stray.length === 0 &&
            look.beyond.length === 0 &&
            look.pfn > 0xffn &&
            [user.read, user.write, user.protected].some((known) => (known & 0xfffn) === flags)
          ) {
            return {
              sentence: `looks like the present PTE ${hex(moved, 64)} shifted ${way} by ${Number(shift) / 8} bytes`,
            };
          }
        }
      }
      return null;
    },
  },
  {
    name: "foreign",
    cause: "table-overwritten",
    strength: "likely",
    leftover: true,
    citation: "The layouts of the architecture: none has such an entry",
    holds: (one) => {
      const { reading, word, others } = one;
      if (reading === null || word === null || !isUnpresent(one) || isPlausible(reading)) return null;
      if (one.numbers === null && others.some((other) => isPlausible(other) && other.said.kind !== "none"))
        return null;
      const set = bitsOf(word);
      const told = reading.said as Told;
      if (set.length <= 2 || (told.kind === "marker" && (told.offset ?? 0n) <= 0xffn)) return null;
      const why = isFar(reading)
        ? `it would be offset ${shortHex(told.offset ?? 0n)} of swap area ${told.type}, beyond any that this kernel takes`
        : `bits that a swap PTE has clear are set`;
      const from = one.pte === null ? "the PTE behind the entry" : "the word";
      return {
        sentence: `${from} is no entry that this kernel writes (${why}; ${set.length} of its bits are set: ${set.length > 24 ? "no form of its own" : spans(set)}): foreign data lies over the page table`,
        next: "whose data it is: other reports of the same pmd show more of it; a memtest rules out the memory",
      };
    },
  },
  {
    name: "refused-swap",
    cause: "bad-swap-area",
    strength: "possible",
    leftover: true,
    citation: "See __swap_info_get() in mm/swapfile.c (as of Linux v6.12)",
    holds: (one) => {
      const { reading, kind } = one;
      if (reading === null || kind === "tool" || reading.said.kind !== "swap" || !isPlausible(reading))
        return null;
      const told = reading.said as Told;
      const why = /swap file/.test(one.message)
        ? `no swap area ${told.type} was there`
        : /Unused/.test(one.message)
          ? "nothing was stored at that slot any more"
          : /offset/.test(one.message)
            ? `swap area ${told.type} ends before it`
            : kind === "bad-map"
              ? "the kernel would not take it back"
              : null;
      if (why === null)
        return {
          sentence: `a swap entry in order: type ${told.type}, offset ${shortHex(told.offset ?? 0n)}`,
        };
      return {
        sentence: `a swap entry by its form (type ${told.type}, offset ${shortHex(told.offset ?? 0n)}), but ${why}: the entry is stale, or it is none`,
        next: "whether swap was on, and how large (/proc/swaps at that time)",
      };
    },
  },
];
