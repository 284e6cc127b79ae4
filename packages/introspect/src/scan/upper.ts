// Entries above the PTEs: huge pages, and what stands in their place. They are few, so each is read by the scalar decoder.
import type { ArchBackend, EntryBlock, LevelCodec, LevelName } from "@ptekit/core";
import type { Area } from "./areas.ts";
import { joined } from "./halves.ts";
import { bitsText, type Wrong } from "./judge.ts";
import type { Machine } from "./machine.ts";
import { countSpecial, ownTable, type Scene } from "./scene.ts";
import { add } from "./tally.ts";

export function scanUpper(scene: Scene, block: EntryBlock): void {
  const { machine, tally, areaOf, suspect } = scene;
  const { kernel, memory } = machine;
  const { backend, pageSize } = kernel;
  const { level, span } = block;
  const codec = machine.upper.get(level) as LevelCodec;
  const pages = Number(span / BigInt(pageSize));
  const own = level === "pmd" || level === "pud" ? backend.at(level) : null;
  for (const run of block.runs) {
    for (let i = 0; i < run.count; i++) {
      const entry = codec.read(block.bytes, run.first + i);
      const address = run.address + BigInt(i) * span;
      const area = areaOf(Number(address / BigInt(pageSize)));
      // Processes share the PMD tables of hugetlb's shared areas, and nobody else's.
      if (i === 0 && !area?.isHugetlb && !area?.isUnknown) ownTable(scene, run);
      const at = { address, level, entry };
      if (area === null) suspect("outside-areas", { ...at, sentence: "it lies in no area of the process" });
      if (codec.kindOf(entry) === "leaf") {
        tally.present += pages;
        if (area?.isFile) tally.file += pages;
        if (area?.isShared) tally.shared += pages;
        if (area?.isDevice) tally.device += pages;
        add(tally.huge, level, 1);
        if (area?.isHugetlb) add(tally.hugetlb, level, 1);
        const page = codec.page(entry);
        const wrong = wrongLeaf(machine, area, level, entry, Number(page) / pageSize);
        if (wrong !== null) suspect(wrong.kind, { ...at, sentence: wrong.sentence });
        else if (
          !area?.isDevice &&
          !area?.isUnknown &&
          memory.read(page, new Uint8Array(1)) === "outside" &&
          !machine.hasFrame(Number(page) / pageSize)
        )
          suspect("pfn-outside", {
            ...at,
            sentence: `its page at 0x${page.toString(16)} is outside the machine's memory`,
          });
        continue;
      }
      // hugetlb's entries are PTEs, whatever level they stand at.
      const reader: ArchBackend | null = area?.isHugetlb ? backend : own;
      if (reader === null) {
        suspect("bad-entry", { ...at, sentence: `no entry of the ${level} level is like that` });
        continue;
      }
      const said = reader.decode(entry);
      if (said.kind === "marker") for (const name of said.markers) add(tally.markers, name, 1);
      countSpecial(tally, said.kind);
      if ("uffdWp" in said && said.uffdWp) tally.uffdWp++;
      if ("softDirty" in said && said.softDirty) tally.softDirty++;
      // A hugetlb page or a THP as a whole has no swap slot.
      if (said.kind === "swap" || said.kind === "unassigned")
        suspect("bad-entry", {
          ...at,
          sentence: `as an entry of the ${level} level it would be ${said.kind}, type ${said.type}`,
        });
      else if (said.kind === "migration" && !machine.hasFrame(Number(said.pfn)))
        suspect("pfn-outside", {
          ...at,
          sentence: `page frame 0x${said.pfn.toString(16)} is outside the machine's memory`,
        });
    }
  }
}

/** What is wrong with an entry that maps a page of its own, beside where that is; null where nothing is. */
function wrongLeaf(
  machine: Machine,
  area: Area | null,
  level: LevelName,
  entry: bigint,
  pfn: number,
): Wrong | null {
  const unused = (machine.unusedLeaf.get(level) ?? 0n) & ~machine.kernel.smeMask;
  if ((entry & unused) !== 0n)
    return {
      kind: "unused-bits",
      sentence: `it has bits set that no ${level} entry of this kernel has that maps a page (${bitsText(entry & unused)})`,
    };
  const { low, high } = machine.deviceBit;
  if (area === null || area.isDevice || (entry & joined(low, high)) !== 0n || !machine.hasFrame(pfn))
    return null;
  const state = machine.checks.pages ? machine.pages.of(pfn) : null;
  if (state === null || (state.refcount > 0 && state.isCompound)) return null;
  return {
    kind: "wrong-page",
    sentence: `page frame 0x${pfn.toString(16)} is not the first of a page of that size, says its struct page`,
  };
}
