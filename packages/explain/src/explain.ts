import { clues as allClues } from "@ptekit/all/clues";
import type { Draft } from "./cases.ts";
import { draftOf, kinOf, machineOf, mainWord, printedOf } from "./cases.ts";
import type { Evidence, Report, Verdict } from "./interface.ts";
import type { Episode, Record } from "./records/records.ts";
import { recordsOf } from "./records/records.ts";
import { reportOf } from "./report.ts";
import type { Scene } from "./scene/scene.ts";
import { sceneOf, witnessOf } from "./scene/scene.ts";
import type { Stated } from "./stated.ts";
import { choices } from "./words/choose.ts";

/** How many lines apart a PTE and its swp_entry_t may stand. */
const NEAR = 12;
/** Below this many lines apart, the entry was printed for that PTE, whether they fit or not. */
const BESIDE = 3;

/** The reports of an episode, in the order of its lines. */
export async function reportsOf(
  episode: Episode,
  ambient: readonly Evidence[],
  options: Stated,
): Promise<Report[]> {
  const records = recordsOf(episode).filter((record) => mainWord(record) !== null);
  if (records.length === 0) return [];
  const witness = witnessOf(episode.lines, allClues);
  const scenes = records.map((record) => sceneOf(record, episode.lines, witness, ambient, options.arch));
  const partners = await paired(records, scenes, options);
  const machine = machineOf(episode.lines);
  const drafts: Draft[] = [];
  const places = new Map<string, number>();
  const again: number[] = [];
  for (const [index, record] of records.entries()) {
    const partner = partners.get(record);
    if (partner === "taken") continue;
    const scene = scenes[index] as Scene;
    const key = keyOf(record, partner ?? null, scene);
    const at = places.get(key);
    if (at !== undefined) {
      again[at] = (again[at] ?? 0) + 1;
      continue;
    }
    places.set(key, drafts.length);
    drafts.push(await draftOf(record, partner ?? null, scene, options, machine));
  }
  const kin = kinOf(drafts);
  return drafts.map((draft, index) => ({ ...reportOf(draft, kin(index)), again: again[index] ?? 0 }));
}

/** What is the same again is told once: the same words, from the same kernel and machine. */
function keyOf(record: Record, partner: Record | null, { release, archs }: Scene): string {
  const { message, process, words } = record.sighting;
  return JSON.stringify([
    message,
    process,
    words.map(({ level, role, digits }) => [level, role, digits]),
    partner?.sighting.words[0]?.digits,
    release?.value,
    archs[0]?.arch,
    record.line.host,
  ]);
}

/** Which record's swp_entry_t belongs to which record's PTE; those that belong to another are taken. */
async function paired(
  records: readonly Record[],
  scenes: readonly Scene[],
  options: Stated,
): Promise<Map<Record, Record | "taken">> {
  const found = new Map<Record, Record | "taken">();
  const isFree = (record: Record): boolean => !found.has(record);
  for (const [index, entry] of records.entries()) {
    if (entry.sighting.kind !== "bad-swap") continue;
    const near: { record: Record; scene: Scene }[] = [];
    for (let i = Math.max(0, index - NEAR); i < Math.min(records.length, index + NEAR + 1); i++) {
      const record = records[i] as Record;
      if (Math.abs(record.index - entry.index) > NEAR || !isFree(record) || !isMap(record)) continue;
      if (differs(record.line.caller, entry.line.caller)) continue;
      near.push({ record, scene: scenes[i] as Scene });
    }
    const partner = await partnerOf(entry, records[index + 1], near, options);
    if (partner === null) continue;
    found.set(partner, entry);
    found.set(entry, "taken");
  }
  return found;
}

const differs = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b;

const isMap = (record: Record): boolean => {
  const word = mainWord(record);
  return (
    ["bad-map", "word", "bad-table"].includes(record.sighting.kind) &&
    word?.role === "entry" &&
    word.level === "pte"
  );
};

async function partnerOf(
  entry: Record,
  next: Record | undefined,
  near: readonly { readonly record: Record; readonly scene: Scene }[],
  options: Stated,
): Promise<Record | null> {
  const agreeing: { record: Record; kind: string }[] = [];
  for (const { record, scene } of near) {
    const found = await choices(printedOf(record, entry), scene, options);
    // Where the log names no architecture, words that fit each other on some of them still belong together.
    const kinds = (scene.archs.length > 0 ? found.slice(0, 1) : found).map(
      ({ agreement }) => agreement?.kind,
    );
    if (kinds.includes("same")) return record;
    if (kinds.includes("misread")) agreeing.push({ record, kind: "misread" });
  }
  const [misread] = agreeing;
  if (misread) return misread.record;
  // free_swap_and_cache() refuses the entry, and zap_pte_range() reports its PTE at once.
  const beside = near.find(({ record }) => record === next && record.index - entry.index <= BESIDE);
  return beside !== undefined && /(?:swap_info_get|swap_free|swp_entry)\b/.test(entry.sighting.message)
    ? beside.record
    : null;
}

/** What happened, for a log of several reports: the surest of what most of them say. */
export function verdictOf(reports: readonly Pick<Report, "verdict">[]): Verdict | null {
  const [first, ...more] = reports;
  if (!first) return null;
  if (more.length === 0) return first.verdict;
  const by = new Map<string, Pick<Report, "verdict">[]>();
  for (const report of reports)
    by.set(report.verdict.cause, [...(by.get(report.verdict.cause) ?? []), report]);
  const weight = (group: readonly Pick<Report, "verdict">[]): number =>
    group.reduce(
      (sum, { verdict: { strength } }) => sum + (strength === "sure" ? 10 : strength === "likely" ? 5 : 1),
      0,
    );
  const groups = [...by.values()].sort((a, b) => weight(b) - weight(a));
  const [top = [first]] = groups;
  const best = top.find(({ verdict }) => verdict.strength === "sure") ?? top[0] ?? first;
  const rest = groups.slice(1).map((group) => `${group.length} × ${group[0]?.verdict.cause}`);
  const also = rest.length > 0 ? `; also ${rest.join(", ")}` : "";
  return {
    ...best.verdict,
    sentence: `${top.length} of ${reports.length} reports: ${best.verdict.sentence}${also}`,
  };
}
