import { shortHex } from "@ptekit/core";
import { presentName, spans } from "../words/look.ts";
import type { Reading, Rule } from "./case.ts";
import { isPlausible } from "./case.ts";
import { isForeign, isPresent } from "./describe.ts";

// Present entries that the kernel did not make as they stand.

/** Whether flags are those of a process's page: the hardware's user bit, where there is one. */
const isUsers = ({ look }: Reading): boolean => look === null || look.user !== false || look.protNone;

export const PRESENT: readonly Rule[] = [
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
];
