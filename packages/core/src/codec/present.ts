import { bitsText, hex, maskOf, onesMask, widthOf } from "../data/bits.ts";
import { matches } from "../data/predicate.ts";
import type { PageAccess, PresentField, PresentLayout, UserPage } from "../data/present.ts";
import { PAGE_ACCESSES } from "../data/present.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { PresentPage } from "../interface/page.ts";
import { requireKernel, requireLayout } from "../util/require.ts";

// The bit arithmetic of present PTEs: reading and writing the PFN and the flags, and how a page may be used.

/**
 * The PTE that maps a young page of user space.
 *
 * @throws PtekitError `NO_PRESENT_LAYOUT`, `PFN_TOO_WIDE`, `NO_SUCH_FLAG`, `BAD_ARGUMENT`.
 */
export function encodePresent(backend: ArchBackend, page: PresentPage): bigint {
  requireKernel(backend);
  const user = userOf(backend);
  const { access, huge = false } = page;
  if (huge && user.huge === undefined) {
    throw new PtekitError("NO_PRESENT_LAYOUT", `${backend.layout.id}: huge pages are not described`);
  }
  const word = wordFor(backend, access);
  return changePresent(backend, huge ? word ^ (user.huge ?? 0n) : word, page);
}

/**
 * A present PTE with some of it changed and every other bit kept.
 *
 * @throws PtekitError as {@link encodePresent}.
 */
export function changePresent(
  backend: ArchBackend,
  pte: bigint,
  change: Partial<Omit<PresentPage, "huge">>,
): bigint {
  requireKernel(backend);
  const present = presentOf(backend);
  const pfn = change.pfn ?? presentPfn(present, pte);
  let word = pte;
  if (change.access !== undefined) {
    const mask = accessMask(userOf(backend));
    word = (word & ~mask) | (wordFor(backend, change.access) & mask);
  }
  for (const flag of ["softDirty", "uffdWp"] as const) {
    const wanted = change[flag];
    if (wanted === undefined) continue;
    const mask = flagMask(present, flag);
    if (wanted && mask === 0n) {
      throw new PtekitError("NO_SUCH_FLAG", `${backend.layout.id}: present PTEs have no ${flag} bit`);
    }
    word = wanted ? word | mask : word & ~mask;
  }
  return withPfn(backend, present, word, pfn);
}

/** How a present PTE lets its page be used; undefined for a mapping that {@link encodePresent} would not make. */
export function accessOf(backend: ArchBackend, pte: bigint): PageAccess | undefined {
  requireKernel(backend);
  const user = backend.present?.user;
  if (!user) return undefined;
  const mask = accessMask(user);
  return PAGE_ACCESSES.find((access) => {
    const word = user[access];
    return word !== undefined && (pte & mask) === (word & mask);
  });
}

/** Whether present PTEs have a uffd-wp bit here: without one, no page can be write-protected for userfaultfd. */
export function hasPresentUffdWp(backend: ArchBackend): boolean {
  requireKernel(backend);
  return backend.present !== null && flagMask(backend.present, "uffdWp") !== 0n;
}

function presentOf(backend: ArchBackend): PresentLayout {
  if (backend.present) return backend.present;
  throw new PtekitError("NO_PRESENT_LAYOUT", `${backend.layout.id}: present PTEs are not described`);
}

function userOf(backend: ArchBackend): UserPage {
  const { user } = presentOf(backend);
  if (user) return user;
  throw new PtekitError(
    "NO_PRESENT_LAYOUT",
    `${backend.layout.id}: how the kernel maps a page of user space is not described`,
  );
}

function wordFor(backend: ArchBackend, access: PageAccess): bigint {
  const word = userOf(backend)[access];
  if (word !== undefined) return word;
  throw new PtekitError(
    "NO_PRESENT_LAYOUT",
    `${backend.layout.id}: how the kernel maps a page for ${access} is not described`,
  );
}

/** The bits that tell one way of using a page from another. */
const accessMask = (user: UserPage): bigint =>
  PAGE_ACCESSES.reduce((mask, access) => mask | (user.read ^ (user[access] ?? user.read)), 0n);

const flagMask = (present: PresentLayout, flag: "softDirty" | "uffdWp"): bigint =>
  present.fields.reduce((mask, row) => (row.kind === flag ? mask | maskOf(row) : mask), 0n);

/** Whether a present PTE stores its PFN as its bitwise NOT. */
export function isPfnInverted(present: PresentLayout, pte: bigint): boolean {
  requireLayout(present);
  return present.invertedWhere !== undefined && matches(present.invertedWhere, pte);
}

/** pte_pfn() of a present PTE. */
export function presentPfn(present: PresentLayout, pte: bigint): bigint {
  requireLayout(present);
  const word = isPfnInverted(present, pte) ? ~pte : pte;
  const pfn = present.fields
    .filter((row) => row.kind === "pfn")
    .reduce(
      (bits, row) => bits | (((word >> BigInt(row.low)) & onesMask(widthOf(row))) << BigInt(row.from)),
      0n,
    );
  const isNapot = present.napot !== undefined && ((pte >> BigInt(present.napot)) & 1n) === 1n;
  return (isNapot ? pfn & (pfn - 1n) : pfn) & onesMask(present.longBits ?? 64);
}

/**
 * The flags that a present PTE has set, highest first: `_PAGE_RW`, and `_CACHE_MASK=0x3` for a field of several bits.
 *
 * @throws PtekitError `NO_PRESENT_LAYOUT`.
 */
export function presentFlags(backend: ArchBackend, pte: bigint): string[] {
  requireKernel(backend);
  return presentOf(backend).fields.flatMap((row) => {
    const value = (pte >> BigInt(row.low)) & onesMask(widthOf(row));
    if (row.kind === "pfn" || value === 0n) return [];
    const name = row.kind === "free" ? bitsText(row.high, row.low) : presentNameOf(backend, row, pte);
    return row.high === row.low ? name : `${name}=0x${value.toString(16)}`;
  });
}

/** The kernel's name of a row of a present PTE: under PROT_NONE, a bit that says so has that name. */
export function presentNameOf(backend: ArchBackend, row: PresentField, pte: bigint): string {
  requireKernel(backend);
  const { layout, present } = backend;
  const terms = row.protNone === undefined ? [] : (present?.reads.protNone ?? []);
  const says = terms.some((term) => (term.value & maskOf(row)) !== 0n && matches([term], pte));
  return says && matches(layout.present, pte) ? (row.protNone ?? row.name) : row.name;
}

function withPfn(backend: ArchBackend, present: PresentLayout, pte: bigint, pfn: bigint): bigint {
  if (typeof pfn !== "bigint" || pfn < 0n) {
    throw new PtekitError("BAD_ARGUMENT", `${backend.layout.id}: a pfn is a bigint from 0 on, not ${pfn}`);
  }
  const rows = present.fields.filter((row) => row.kind === "pfn");
  const flip = isPfnInverted(present, pte);
  const word = rows.reduce((all, row) => {
    const bits = (pfn >> BigInt(row.from)) & onesMask(widthOf(row));
    return (all & ~maskOf(row)) | ((flip ? bits ^ onesMask(widthOf(row)) : bits) << BigInt(row.low));
  }, pte);
  if (presentPfn(present, word) === pfn) return word;
  const bits = rows.reduce((sum, row) => sum + widthOf(row), 0);
  throw new PtekitError(
    "PFN_TOO_WIDE",
    `${backend.layout.id}: pfn ${hex(pfn, 64)} needs ${pfn.toString(2).length} bits, present PTEs hold ${bits}`,
  );
}
