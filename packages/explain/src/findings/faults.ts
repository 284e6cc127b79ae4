import { rowsOf, shortHex } from "@ptekit/core";
import type { Case, Rule } from "./case.ts";
import { isForeign, isPresent, pfnText, strayText, toldOf } from "./describe.ts";

// The walk to an address at fault: what the hardware says of it, beside what the entry says.

const RSVD = "Intel SDM 3A, 4.7: RSVD is set where a reserved bit of a present entry is";

export const FAULTS: readonly Rule[] = [
  {
    name: "spurious-rsvd",
    cause: "spurious-rsvd",
    strength: "sure",
    citation: "Intel SDM 3A, 4.7: RSVD is set only where P is",
    holds: (one) => {
      const code = one.details.errorCode;
      if (
        code === undefined ||
        (code & 8) === 0 ||
        (code & 1) !== 0 ||
        one.level !== "pte" ||
        one.pte === null
      )
        return null;
      const told = toldOf(one);
      const inverted =
        one.reading !== null &&
        rowsOf(one.reading.candidate.backend.layout, "swpOffset").some((row) => row.inverted);
      const what =
        told?.kind === "swap"
          ? ` The PTE is a swap entry (type ${told.type}, offset ${shortHex(told.offset ?? 0n)}${
              inverted ? ", stored inverted since L1TF, which is why its high bits are all ones" : ""
            }).`
          : "";
      return {
        sentence: `the error code ${code
          .toString(16)
          .padStart(
            4,
            "0",
          )} claims a reserved bit (RSVD) for a PTE that is not present (P=0), which the hardware cannot do by its manual: a CPU erratum, not a corrupt table.${what}`.replace(
          /\.$/,
          "",
        ),
        next: "the CPU's errata and its microcode",
      };
    },
  },
  {
    name: "none",
    cause: "none",
    strength: "sure",
    citation: "See pte_none() in the architecture's pgtable.h",
    holds: (one) => {
      const told = toldOf(one);
      const isNone =
        told === null
          ? one.upper === null
            ? one.pte === 0n
            : one.upper.kind === "none"
          : told.kind === "none";
      if (!isNone || one.entry !== null) return null;
      const at = one.details.address === undefined ? "" : ` at ${shortHex(one.details.address)}`;
      return {
        sentence: `none: an empty ${
          one.level === "pte" ? "PTE" : one.level
        }; nothing is mapped${at}, and the tables are not what is wrong`,
        next: "the code that used that address",
        strength: one.kind === "bad-map" ? "possible" : "sure",
      };
    },
  },
  {
    name: "reserved-bit",
    cause: "pfn-out-of-range",
    strength: "sure",
    citation: RSVD,
    holds: (one) => {
      const found = reservedIn(one);
      if (found === null || found.address >> LEAST_MAXPHYADDR === 0n) return null;
      return {
        sentence: `a present PTE${pfnText(found.reading)}, in order but for its address ${shortHex(found.address)}: ${found.says}, so the address (its highest bit is bit ${found.address.toString(2).length - 1}) lies above the CPU's MAXPHYADDR`,
        next: "who maps that address, and how many address bits the CPU (of a guest: its hypervisor) says that it has",
      };
    },
  },
  {
    name: "reserved-elsewhere",
    cause: "fine-pte",
    strength: "likely",
    citation: RSVD,
    holds: (one) => {
      const found = reservedIn(one);
      if (found === null || found.address >> LEAST_MAXPHYADDR !== 0n) return null;
      const nx = found.look.names.includes("_PAGE_NX")
        ? ", or it is _PAGE_NX on a CPU whose EFER.NXE is clear"
        : "";
      return {
        sentence: `a present PTE${pfnText(found.reading)}${strayText(found.reading)}; ${found.says}, but its address ${shortHex(found.address)} lies below any CPU's MAXPHYADDR, and the bits above the address are not reserved: the reserved bit stands in an entry above it${nx}, or the CPU walked an entry that has changed since`,
        next: "the entries above it in the same walk, their bits 51:MAXPHYADDR",
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
      if (!isX86(one)) return null;
      if ((code & 9) !== 1 || isForeign(reading) || look.protNone) return null;
      const why = refusal(code, look.names);
      if (why === null) return null;
      return {
        sentence: `a fine, present PTE${pfnText(
          reading,
        )}; the access was refused, not the entry: ${why} (error code ${code.toString(16).padStart(4, "0")})`,
        next: "the code that used that address",
      };
    },
  },
  {
    name: "abort",
    cause: "fine-pte",
    strength: "likely",
    citation: "Arm ARM DDI 0487, ESR_ELx: EC, and the ISS of data and instruction aborts",
    holds: (one) => {
      const { reading, details, kind, arch } = one;
      const look = reading?.look;
      const esr = details.syndrome;
      if (kind !== "walk" || arch !== "arm64" || esr === undefined) return null;
      if (!isPresent(one) || reading === null || !look || isForeign(reading) || look.protNone) return null;
      const why = abortOf(esr, look.names);
      if (why === null) return null;
      return {
        sentence: `a fine, present PTE${pfnText(reading)}; ${why} (ESR ${esr.toString(16).padStart(8, "0")})`,
        next: "the code that used that address",
      };
    },
  },
];

/** No CPU with reserved bits in its PTEs says less. */
const LEAST_MAXPHYADDR = 36n;

/** A present PTE at a fault for a reserved bit. */
function reservedIn(one: Case) {
  const { reading, details } = one;
  const look = reading?.look;
  const code = details.errorCode ?? 0;
  if (!isPresent(one) || !look || reading === null || (code & 9) !== 9 || !isX86(one)) return null;
  if (isForeign(reading) || look.beyond.length > 0 || look.protNone) return null;
  return {
    reading,
    look,
    address: look.pfn << BigInt(reading.candidate.backend.kernel.pageShift),
    says: `the error code ${code.toString(16).padStart(4, "0")} says that a reserved bit is set`,
  };
}

/** The bits of an error code are x86's. */
const isX86 = ({ arch }: Case): boolean => arch === "x86_64" || arch === "i386";

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

/** What the syndrome of an abort says where the entry is present. */
function abortOf(esr: number, names: readonly string[]): string | null {
  const has = (name: string): boolean => names.includes(name);
  const exception = (esr >>> 26) & 0x3f;
  const isCode = exception === 0x20 || exception === 0x21;
  const isKernel = exception === 0x21 || exception === 0x25;
  if (!isCode && exception !== 0x24 && exception !== 0x25) return null;
  const status = esr & 0x3f;
  if (status === 0x10)
    return "memory or a device answered the access with an error, the tables are not what is wrong";
  if (status === 0x21) return "the access was not aligned, the tables are not what is wrong";
  if (status >> 2 === 2 && !has("PTE_AF")) return "the access flag (PTE_AF) is clear";
  if (status >> 2 !== 3) return null;
  const refused = "the access was refused, not the entry: ";
  if (isCode) {
    const never = isKernel ? "PTE_PXN" : "PTE_UXN";
    return has(never)
      ? `${refused}${isKernel ? "the kernel" : "a program"} may not execute the page (${never})`
      : null;
  }
  if (!isKernel && !has("PTE_USER")) return `${refused}a program used the kernel's page (no PTE_USER)`;
  if ((esr & 0x40) !== 0 && has("PTE_RDONLY")) return `${refused}the page may not be written (PTE_RDONLY)`;
  return isKernel && has("PTE_USER")
    ? `${refused}the kernel used a program's page outside of the routines that may (PAN)`
    : null;
}
