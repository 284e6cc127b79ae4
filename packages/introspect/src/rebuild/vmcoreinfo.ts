// What VMCOREINFO would say of a kernel, from memory alone: for dumps that have none.
import type { Architecture, VmcoreData } from "@ptekit/core";
import type { Fact } from "../facts.ts";
import type { KernelDump } from "../interface.ts";
import type { KernelTarget } from "../target.ts";
import { translateBy } from "../translate.ts";
import { type Anchor, anchorsIn, MOST_IMAGE } from "./anchors.ts";
import { emptyLists, leadsTo } from "./lists.ts";
import { kernelRoots, virtualOf } from "./roots.ts";
import { variantsOf } from "./variants.ts";

/** A kernel that its own tables lead to. */
export interface Rebuilt {
  readonly arch: Architecture;
  readonly target: KernelTarget;
  readonly facts: readonly Fact[];
  /** In the form of VMCOREINFO: no more than what was found. */
  readonly text: string;
  /** Where the image begins. */
  readonly image: bigint;
  readonly how: string;
}

const EVIDENCE = "only so the kernel's tables lead to its own image";

/**
 * Kernels that are found without VMCOREINFO: kallsyms or the banner is looked for in all of memory, then near it the table
 * that maps it, in each of the ways that the architectures walk tables.
 */
export function* rebuiltFrom(
  { memory, utsname }: KernelDump,
  archs: readonly Architecture[],
): Generator<Rebuilt, void, undefined> {
  for (const anchor of anchorsIn(memory, utsname?.release || null)) {
    const lists = emptyLists(memory, anchor.place);
    for (const arch of archs) {
      const { vmcore } = arch;
      if (vmcore === undefined) continue;
      for (const { target, backend, facts } of variantsOf(arch, anchor.release, EVIDENCE))
        for (const root of kernelRoots(memory, backend, anchor.place)) {
          const translate = translateBy(memory, backend, root, 0n);
          const to = (address: bigint): bigint | null => translate(address)?.physical ?? null;
          if (!leadsTo(lists, to)) continue;
          const placed = placedBy(anchor, to, () => virtualOf(memory, backend, root, anchor.place));
          if (placed === null) continue;
          const image =
            placed.stext ?? lowest(anchor.place + placed.shift, placed.shift, to, backend.kernel.pageShift);
          yield {
            arch,
            target,
            facts,
            image,
            text: textOf(anchor, vmcore, { ...placed, root, pageShift: backend.kernel.pageShift }),
            how: `none; rebuilt from ${anchor.how}`,
          };
        }
    }
  }
}

interface Placed {
  /** What is added to a physical address of the image to get its virtual one. */
  readonly shift: bigint;
  readonly stext: bigint | null;
}

/** Where the image is, if the tables lead to all that is known of it; null where they do not. */
function placedBy(
  { place, kallsyms }: Anchor,
  to: (address: bigint) => bigint | null,
  reverse: () => bigint | null,
): Placed | null {
  const isAbsolute = kallsyms !== null && kallsyms.form !== "place";
  const from = isAbsolute ? to(kallsyms.stext) : null;
  if (isAbsolute) {
    // The text comes before kallsyms, in one piece with it.
    if (from === null || from > place || place - from > MOST_IMAGE) return null;
    const shift = kallsyms.stext - from;
    return to(place + shift) === place ? { shift, stext: kallsyms.stext } : null;
  }
  const address = reverse();
  if (address === null) return null;
  const shift = address - place;
  const stext = kallsyms === null ? null : kallsyms.stext + shift;
  return stext === null || to(stext) === stext - shift ? { shift, stext } : null;
}

/** Where the piece of an image begins that an address lies in. */
function lowest(
  address: bigint,
  shift: bigint,
  to: (address: bigint) => bigint | null,
  pageShift: number,
): bigint {
  const page = 1n << BigInt(pageShift);
  let start = address & -page;
  while (address - start < MOST_IMAGE && to(start - page) === start - page - shift) start -= page;
  return start;
}

function textOf(
  { release, kallsyms }: Anchor,
  { image }: VmcoreData,
  { shift, stext, root, pageShift }: Placed & { readonly root: bigint; readonly pageShift: number },
): string {
  const symbol = (name: string, address: bigint): string =>
    `SYMBOL(${name})=${BigInt.asUintN(64, address).toString(16)}`;
  const number =
    typeof image.minus === "string"
      ? [image.minus, shift]
      : image.plus === undefined
        ? null
        : [image.plus, image.minus - shift];
  return [
    `OSRELEASE=${release}`,
    `PAGESIZE=${2 ** pageShift}`,
    symbol("swapper_pg_dir", root + shift),
    ...(stext === null ? [] : [symbol("_stext", stext)]),
    ...(number === null
      ? []
      : [`NUMBER(${number[0]})=0x${BigInt.asUintN(64, number[1] as bigint).toString(16)}`]),
    ...(kallsyms === null
      ? []
      : [
          symbol("kallsyms_names", kallsyms.names + shift),
          symbol("kallsyms_num_syms", kallsyms.numSyms + shift),
          symbol("kallsyms_token_table", kallsyms.tokenTable + shift),
          symbol("kallsyms_token_index", kallsyms.tokenIndex + shift),
          symbol("kallsyms_offsets", kallsyms.offsets + shift),
          ...(kallsyms.relativeBase === null || kallsyms.form === "place"
            ? []
            : [symbol("kallsyms_relative_base", kallsyms.relativeBase + shift)]),
        ]),
    "",
  ].join("\n");
}
