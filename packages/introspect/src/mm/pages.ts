// The struct page of a page frame: whether the frame is in use, and as what.
import type { Types } from "../btf/types.ts";
import type { KernelMemory } from "../virtual.ts";
import type { Vmcoreinfo } from "../vmcoreinfo.ts";

/** What the struct page of a frame says. */
export interface PageState {
  /** 0: the page is free. */
  readonly refcount: number;
  /** How often it is mapped by an entry; of a page that is no user's, a page_type, which is below 0. */
  readonly mapcount: number;
  /** Whether it is one of several that were allocated together: their counts may stand in the first of them. */
  readonly isCompound: boolean;
  /** Whose page it is by `mapping`: nobody's that is told, a file's, anonymous memory's, or one that KSM merged. */
  readonly owner: "none" | "file" | "anonymous" | "merged" | "movable";
  /** Its number in the file, or among the pages of its area; null where the kernel's types do not tell. */
  readonly index: number | null;
}

/** The struct pages of a kernel. */
export interface StructPages {
  /** That of a frame, or null where it is not in the dump. */
  of(pfn: number): PageState | null;
  /**
   * Whether a frame is surely mapped as its struct page has it: `page` is the number of the page by its address, and what is
   * added to it gives the index of a file's page or of an anonymous one, null where that is not known. True as well where it
   * is not in the dump. Of what is false here, `of` says more.
   */
  fits(pfn: number, page: number, ofFile: number | null, ofAnonymous: number | null): boolean;
}

/** Struct pages that are read at once, and how many such blocks are kept: 8 MiB of them. */
const BLOCK = 64;
const MOST_KEPT = 2048;
/** Bits of section_mem_map beside the address. See SECTION_MAP_MASK in include/linux/mmzone.h (as of Linux v6.12). */
const SECTION_FLAGS = 0x3fn;
const PRESENT_WITH_MAP = 3n;
/** Each is of some gigabytes. */
const MOST_ROOTS = 4096;

const OWNERS: readonly PageState["owner"][] = ["file", "anonymous", "movable", "merged"];

/** A reader of struct pages; a sentence where the kernel does not tell where they are. */
export function structPages(
  kernel: KernelMemory,
  { symbol, size, offset, number }: Vmcoreinfo,
  types: Types | null,
  pageSize: number,
): StructPages | string {
  const bytes = size("page");
  const refcount = offset("page._refcount");
  const mapcount = offset("page._mapcount");
  const mapping = offset("page.mapping");
  const flags = offset("page.flags");
  const compound = offset("page.compound_head") ?? offset("page.compound_info");
  const headMask = Number(number("PG_head_mask") ?? 0n) | 0;
  if (bytes === null || refcount === null || mapcount === null || mapping === null)
    return "VMCOREINFO does not say how a struct page looks";
  if (kernel.bits !== 64 || bytes < 32 || bytes > 4096) return "struct pages of that form are not read";
  const sections = {
    roots: symbol("mem_section"),
    bytes: size("mem_section"),
    map: offset("mem_section.section_mem_map"),
  };
  const base = virtualMap(kernel, sections, pageSize);
  if (typeof base === "string") return base;
  const index =
    (types?.member("page", "__folio_index") ?? types?.member("page", "index") ?? null)?.offset ?? null;

  const kept = new Map<number, DataView | null>();
  let latest = -1;
  let latestView: DataView | null = null;
  /** The struct pages around that of a frame. */
  const blockOf = (pfn: number): DataView | null => {
    const at = Math.floor(pfn / BLOCK);
    if (at === latest) return latestView;
    let view = kept.get(at);
    if (view === undefined) {
      if (kept.size >= MOST_KEPT) kept.clear();
      const into = new Uint8Array(BLOCK * bytes);
      const address = BigInt.asUintN(64, base + BigInt(at * BLOCK * bytes));
      view = kernel.read(address, into) === "read" ? new DataView(into.buffer) : null;
      kept.set(at, view);
    }
    latest = at;
    latestView = view;
    return view;
  };
  const { little } = kernel;
  const [lowAt, highAt] = little ? [0, 4] : [4, 0];
  const numberAt = (view: DataView, at: number): number =>
    view.getUint32(at + highAt, little) * 2 ** 32 + view.getUint32(at + lowAt, little);
  const isNull = (view: DataView, at: number): boolean =>
    view.getUint32(at + lowAt, little) === 0 && view.getUint32(at + highAt, little) === 0;
  const isCompound = (view: DataView, at: number): boolean =>
    (flags !== null && (view.getUint32(at + flags + lowAt, little) & headMask) !== 0) ||
    (compound !== null && (view.getUint32(at + compound + lowAt, little) & 1) !== 0);
  return {
    of: (pfn) => {
      const view = blockOf(pfn);
      if (view === null) return null;
      const at = (pfn % BLOCK) * bytes;
      return {
        refcount: view.getInt32(at + refcount, little),
        mapcount: view.getInt32(at + mapcount, little),
        isCompound: isCompound(view, at),
        owner: isNull(view, at + mapping)
          ? "none"
          : (OWNERS[view.getUint32(at + mapping + lowAt, little) & 3] as PageState["owner"]),
        index: index === null ? null : numberAt(view, at + index),
      };
    },
    fits: (pfn, page, ofFile, ofAnonymous) => {
      const view = blockOf(pfn);
      if (view === null) return true;
      const at = (pfn % BLOCK) * bytes;
      if (view.getInt32(at + refcount, little) <= 0) return false;
      if (isCompound(view, at)) return true;
      if (view.getInt32(at + mapcount, little) < 0) return false;
      if (isNull(view, at + mapping)) return true;
      const owner = OWNERS[view.getUint32(at + mapping + lowAt, little) & 3];
      const plus = owner === "file" ? ofFile : owner === "anonymous" ? ofAnonymous : null;
      return plus === null || index === null || numberAt(view, at + index) === page + plus;
    },
  };
}

/**
 * Where the struct page of frame 0 would be, of kernels whose struct pages lie in one piece (CONFIG_SPARSEMEM_VMEMMAP): every
 * section of memory says the same then. Those that share the first page of descriptions are looked at.
 */
function virtualMap(
  kernel: KernelMemory,
  {
    roots,
    bytes,
    map,
  }: { readonly roots: bigint | null; readonly bytes: number | null; readonly map: number | null },
  pageSize: number,
): bigint | string {
  if (roots === null || bytes === null || map === null || bytes === 0)
    return "VMCOREINFO does not say where struct pages are";
  const perRoot = Math.floor(pageSize / bytes);
  for (let i = 0; i < MOST_ROOTS; i++) {
    const root = kernel.word(roots + BigInt(i * 8));
    if (root === null) break;
    if (root === 0n) continue;
    let found: bigint | null = null;
    for (let j = 0; j < perRoot; j++) {
      const word = kernel.word(root + BigInt(j * bytes + map));
      if (word === null || (word & PRESENT_WITH_MAP) !== PRESENT_WITH_MAP) continue;
      const base = word & ~SECTION_FLAGS;
      if (found !== null && base !== found) return "its struct pages do not lie in one piece";
      found = base;
    }
    if (found !== null) return found;
  }
  return "no section of memory with struct pages is in the dump";
}
