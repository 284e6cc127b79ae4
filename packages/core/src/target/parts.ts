import type { ArchData } from "../data/arch.ts";
import { longBitsOf, rowsOf } from "../data/layout.ts";
import { swapTypes } from "../data/swap-types.ts";
import { swpTypeShiftOf } from "../data/swp-entry.ts";
import type { Assumption, BackendParts } from "../interface/kernel.ts";
import { deepFreeze } from "../util/freeze.ts";
import { lazily } from "../util/lazily.ts";
import { citationsFor } from "./citations.ts";
import { firstThatFits, holds } from "./conditions.ts";
import { geometryFor } from "./geometry.ts";
import { layoutFor, presentFor } from "./layout.ts";
import { leavesFor } from "./leaf.ts";
import { limitsOf } from "./limits.ts";
import { notesFor } from "./notes.ts";
import type { Settings } from "./settings.ts";

/** A kernel's parts; what few answers need is looked up when it is asked for, the assumptions too. */
export function resolve(
  arch: ArchData,
  settings: Settings,
  assume: () => readonly Assumption[] = () => [],
): BackendParts {
  const { release } = settings;
  const test = (condition: string): boolean => holds(arch, settings, condition);
  const layout = layoutFor(arch, settings);
  const longBits = longBitsOf(layout);
  const swpTypeShift = swpTypeShiftOf(release, longBits);
  const pageShift = firstThatFits(arch, settings, arch.pageShift)?.shift ?? 12;
  const physBits = firstThatFits(arch, settings, arch.physBits)?.bits ?? longBits;
  const pfnBits = Math.min(physBits - pageShift, swpTypeShift);
  const geometry = lazily(() => geometryFor(arch, settings));
  const present = lazily(() => presentFor(arch, settings, { pageShift, longBits }));
  const leaves = lazily(() =>
    leavesFor(arch, settings, { present: present(), geometry: geometry(), pageShift }),
  );
  const citations = lazily(() => citationsFor(arch, settings, layout, present()));
  const notes = lazily(() => notesFor(arch, settings));
  const assumptions = lazily(assume);
  const archMaxPages = firstThatFits(arch, settings, arch.maxSwapfilePages ?? [])?.pages ?? null;
  return {
    arch: arch.name,
    layout,
    get geometry() {
      return geometry();
    },
    get present() {
      return present();
    },
    get leaves() {
      return leaves();
    },
    types: deepFreeze(swapTypes(release, test)),
    kernel: deepFreeze({
      release: release.text,
      pageShift,
      swpTypeShift,
      pfnBits,
      physBits,
      archMaxPages,
      ...limitsOf(layout, { release, swpTypeShift, pfnBits, archMaxPages }),
      typeCheck: firstThatFits(arch, settings, arch.typeChecks ?? [])?.citation ?? null,
      byteOrder: layout.byteOrder ?? firstThatFits(arch, settings, arch.byteOrder)?.order ?? "little",
      // Without its bit (riscv without Svrsw60t59b) the kernel refuses to arm it: pgtable_supports_uffd_wp().
      armsUffdWp: test("CONFIG_HAVE_ARCH_USERFAULTFD_WP") && rowsOf(layout, "uffdWp").length > 0,
    }),
    get citations() {
      return citations();
    },
    get notes() {
      return notes();
    },
    get assumptions() {
      return assumptions();
    },
  };
}
