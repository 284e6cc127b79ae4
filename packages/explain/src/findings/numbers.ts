import type { Case, Rule } from "./case.ts";
import { isPlausible } from "./case.ts";

// Numbers and code of somebody else, lying over a page table.

const signed = (half: bigint): number => Number(BigInt.asIntN(32, half));

/** How large a number of a data structure is at most, where nothing else speaks for it. */
const SMALL = 1 << 20;
const SURELY_SMALL = 1 << 16;

const instruction = (one: Case, half: bigint): string | null => {
  const value = Number(half);
  return (
    one.clues?.code?.find(({ mask, value: wanted }) => (value & mask) >>> 0 === wanted >>> 0)?.text ?? null
  );
};

/** A float of a size that people compute with, and with a short fraction. */
function floatOf(half: bigint): number | null {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number(half));
  const value = view.getFloat32(0);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 && (half & 0xfffn) === 0n ? value : null;
}

/** An entry that the kernel would have written as it stands leaves no room for guesses. */
const isFine = (one: Case): boolean =>
  one.reading !== null &&
  isPlausible(one.reading) &&
  (one.reading.said.kind !== "swap" || one.agreement?.kind === "same");

/** An entry that maps an address to the same physical one, as the kernel maps its first pages: s390's lowcore. */
const mapsItself = (one: Case): boolean =>
  isFine(one) &&
  one.reading?.said.kind === "present" &&
  one.details.address !== undefined &&
  one.reading.look?.pfn === one.details.address >> BigInt(one.reading.candidate.backend.kernel.pageShift);

export const NUMBERS: readonly Rule[] = [
  {
    name: "machine-code",
    cause: "machine-code",
    strength: "sure",
    citation: "The instruction set of the architecture",
    holds: (one) => {
      if (one.pte === null || !one.clues?.code) return null;
      const halves = one.bits === 64 ? [one.pte >> 32n, one.pte & 0xffff_ffffn] : [one.pte];
      const found = halves.map((half) => instruction(one, half));
      if (found.some((text) => text === null) || one.bits === 32) return null;
      const named = halves.map((half, i) => `0x${half.toString(16).padStart(8, "0")} is "${found[i]}"`);
      return {
        sentence: `machine code, no entry: ${named.join(", ")}; instructions lie where the page table should be`,
        next: "the pointer to the page table (the pmd): it points at code",
      };
    },
  },
  {
    name: "two-integers",
    cause: "small-integers",
    strength: "likely",
    citation: "The two halves of the word",
    holds: (one) => {
      if (one.pte === null || one.bits !== 64 || isFine(one)) return null;
      const high = one.pte >> 32n;
      const low = one.pte & 0xffff_ffffn;
      const [first, second] = [signed(low), signed(high)];
      if (high === 0n || low === 0n || Math.abs(first) >= SMALL || Math.abs(second) >= SMALL || second === -1)
        return null;
      return {
        sentence: `two 32-bit integers side by side, ${first} and ${second}: numbers of somebody's data lie over the page table`,
        strength: Math.abs(first) < SURELY_SMALL && Math.abs(second) < SURELY_SMALL ? "sure" : "likely",
        next: "who keeps such numbers: a device that writes to memory which is no longer its own, or a driver",
      };
    },
  },
  {
    name: "small-integer",
    cause: "small-integers",
    strength: "likely",
    citation: "The word",
    holds: (one) => {
      const { pte, reading } = one;
      if (pte === null || pte === 0n || one.kind === "tool" || reading?.said.kind === "none") return null;
      if (pte >= 0x1_0000n || pte.toString(2).replaceAll("0", "").length < 2) return null;
      // A present entry of the first pages, with a page dump beside it, is what it says.
      if (one.page !== null && one.page.pfn !== null && one.page.pfn === reading?.look?.pfn) return null;
      if (one.entry !== null && one.agreement?.kind !== "same") return null;
      if (mapsItself(one)) return null;
      return {
        sentence: `a small number (${pte}), an integer of somebody's data rather than an entry`,
        next: "what else lies over that page table; other reports of the same pmd show more of it",
      };
    },
  },
  {
    name: "floats",
    cause: "table-overwritten",
    strength: "likely",
    citation: "IEEE 754",
    holds: (one) => {
      if (one.pte === null || one.bits !== 64 || isFine(one)) return null;
      const [high, low] = [floatOf(one.pte >> 32n), floatOf(one.pte & 0xffff_ffffn)];
      if (high === null || low === null) return null;
      return {
        sentence: `it reads as two floating-point numbers, ${low} and ${high}: somebody's data lies over the page table`,
      };
    },
  },
];
