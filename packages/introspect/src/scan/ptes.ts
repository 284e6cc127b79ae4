// The PTEs of a process: counted, and held against what the dump says of their place. Most are present, and nothing is wrong
// with them: what those take is done without looking anything up twice.
import type { EntryBlock, EntryRun } from "@ptekit/core";
import type { Area } from "./areas.ts";
import { type Halves, halvesOf, joined } from "./halves.ts";
import { type Said, type Wrong, wrongOther, wrongPresent } from "./judge.ts";
import type { Machine } from "./machine.ts";
import { countSpecial, ownTable, type Scene } from "./scene.ts";
import { add } from "./tally.ts";

export function scanPtes(scene: Scene, block: EntryBlock): void {
  const { machine, tally } = scene;
  const pteBytes = block.bytes.length / block.count;
  const halves = halvesOf(block.bytes, machine.wide, machine.little, machine.scratch);
  // A PTE that stands twice in memory is told by its first copy.
  const stride = { ...halves, step: pteBytes / 4 };
  for (const run of block.runs) {
    tally.tables++;
    ownTable(scene, run);
    scanRun(scene, run, stride);
  }
}

function scanRun(scene: Scene, run: EntryRun, { words, step, low: lowAt, high: highAt }: Halves): void {
  const { machine, tally, areaOf } = scene;
  const { isWritable, isSpecial, pfnOf, hasFrame, pages } = machine;
  const { isNone, isPresent } = machine.reader;
  const zeroIsNone = isNone(0, 0);
  const { presentUffdWp, presentSoftDirty } = machine;
  const { pageSize } = machine.kernel;
  const firstPage = Number(run.address) / pageSize;
  let area: Area | null = null;
  let plain: Plain | null = null;
  let from = 0;
  let until = 0;

  for (let i = 0, at = run.first * step; i < run.count; i++, at += step) {
    const low = (words[at + lowAt] as number) | 0;
    const high = highAt === null ? 0 : (words[at + highAt] as number) | 0;
    // Most of a table is zeros.
    if ((low | high) === 0 && zeroIsNone) continue;
    if (isNone(low, high)) continue;
    const page = firstPage + i;
    if (page < from || page >= until) {
      area = areaOf(page);
      from = area === null ? page : area.start;
      until = area === null ? page + 1 : area.end;
      plain = area === null ? null : plainOf(machine, area);
    }
    let wrong: Wrong | null = null;
    if (isPresent(low, high)) {
      tally.present++;
      if (area?.isFile) tally.file++;
      if (area?.isShared) tally.shared++;
      if (area?.isDevice) tally.device++;
      if ((low & presentUffdWp.low) | (high & presentUffdWp.high)) tally.uffdWp++;
      if ((low & presentSoftDirty.low) | (high & presentSoftDirty.high)) tally.softDirty++;
      if (
        plain !== null &&
        ((low & plain.maskLow) ^ plain.low) === 0 &&
        ((high & plain.maskHigh) ^ plain.high) === 0 &&
        (plain.canWrite || !isWritable(low, high))
      ) {
        const pfn = pfnOf(low, high);
        if (
          hasFrame(pfn) &&
          (!plain.hasPage || (!isSpecial(low, high) && pages.fits(pfn, page, plain.index, plain.anonymous)))
        )
          continue;
      }
      wrong = wrongPresent(machine, area, page, low, high);
    } else {
      wrong = countOther(scene, area, low, high);
    }
    if (wrong === null) continue;
    scene.suspect(wrong.kind, {
      address: run.address + BigInt(i) * BigInt(pageSize),
      level: "pte",
      entry: joined(low, high),
      sentence: wrong.sentence,
    });
  }
}

/** What the present PTEs of an area are like with which nothing is wrong; others may be right, too, and are judged. */
interface Plain {
  readonly maskLow: number;
  readonly maskHigh: number;
  /** What is under the mask. */
  readonly low: number;
  readonly high: number;
  readonly canWrite: boolean;
  /** Whether their struct pages are asked, and what is added to a page's number for its index there. */
  readonly hasPage: boolean;
  readonly index: number | null;
  readonly anonymous: number | null;
}

/** Null where the area is a device's. */
function plainOf(machine: Machine, area: Area): Plain | null {
  if (area.isDevice) return null;
  const { unusedPresent, deviceBit, presentUffdWp, checks } = machine;
  const fixed = checks.protection && area.protection !== null ? machine.fixed : { low: 0, high: 0 };
  const clear = (half: "low" | "high"): number => unusedPresent[half] | deviceBit[half] | presentUffdWp[half];
  return {
    maskLow: clear("low") | fixed.low,
    maskHigh: clear("high") | fixed.high,
    low: (area.protection?.low ?? 0) & fixed.low & ~clear("low"),
    high: (area.protection?.high ?? 0) & fixed.high & ~clear("high"),
    canWrite: area.canWrite || !checks.protection,
    hasPage: checks.pages && !area.isHugetlb,
    index: area.indexShift,
    anonymous: area.anonymousShift,
  };
}

/** Counts an entry that is neither none nor present; what is wrong with it, null where nothing is. */
function countOther(scene: Scene, area: Area | null, low: number, high: number): Wrong | null {
  const { machine, tally } = scene;
  const { type: typeOf, offset, flags, kinds, markers } = machine.reader;
  const type = typeOf(low, high);
  const offsetLow = offset.low(low, high) >>> 0;
  const offsetHigh = offset.high(low, high) >>> 0;
  const kind = kinds[type] ?? "unassigned";
  if (flags.uffdWp(low, high)) tally.uffdWp++;
  if (flags.softDirty(low, high)) tally.softDirty++;
  if (flags.exclusive(low, high)) tally.exclusive++;
  if (kind === "swap") tally.swap[type] = (tally.swap[type] ?? 0) + 1;
  else if (kind === "marker") for (const name of markers(offsetLow)) add(tally.markers, name, 1);
  else countSpecial(tally, kind);
  const said = { kind, type, offset: offsetHigh * 2 ** 32 + offsetLow };
  return wrongOther(machine, area, said, low, high) ?? (kind === "swap" ? overused(scene, said) : null);
}

/** A slot that more entries name than it has users: one of them should name another. */
function overused({ machine, isAgain }: Scene, { type, offset }: Said): Wrong | null {
  const { devices, checks, slotOf, countSlot } = machine;
  const device = checks.slots && !isAgain ? devices?.get(type) : undefined;
  const uses = device === undefined ? null : slotOf(device, offset);
  if (device === undefined || uses === null || !countSlot(device, offset, uses)) return null;
  return {
    kind: "overused-slot",
    sentence: `it names slot ${offset} of swap type ${type}, as more entries do than its swap_map counts (${uses}): one of them is wrong`,
  };
}
