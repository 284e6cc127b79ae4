// What is suspicious, with what explain concludes of it.
import { hex, shortHex } from "@ptekit/core";
import type { Finding } from "@ptekit/explain";
import type { Kernel, ProcessScan, Suspicion, SuspicionKind } from "@ptekit/introspect";

/** A suspicion, and the strongest finding; null where the rules have nothing to say. */
export interface Told {
  readonly suspicion: Suspicion;
  readonly finding: Finding | null;
}

/** What the kernel prints of such an entry. */
const MESSAGES: Partial<Record<SuspicionKind, string>> = {
  "no-device": "Bad swap file entry",
  offset: "Bad swap offset entry",
  "free-slot": "Unused swap offset entry",
};

/** What is wrong lies in the table, not in the entry that is named. */
const OF_TABLES: readonly SuspicionKind[] = ["shared-table", "freed-table"];
const MOST_BESIDE = 16;
/** So many wrong entries of one table are no flipped bits. */
const MOST_FLIPPED = 3;

/** Every suspicion of a process with its finding. explain is loaded where there is one. */
export async function toldOf(kernel: Kernel, memory: bigint, { suspicious }: ProcessScan): Promise<Told[]> {
  if (suspicious.length === 0) return [];
  const { explainEntry } = await import("@ptekit/explain");
  const { backend, target } = kernel;
  const tableOf = (address: bigint): bigint =>
    address / BigInt((kernel.pageSize * kernel.pageSize * 8) / backend.layout.pteBits);
  const ptes = suspicious.filter(({ entry, level }) => entry !== null && level === "pte");
  return suspicious.map((suspicion) => {
    const { kind, entry, level, address, bits } = suspicion;
    if (entry === null || OF_TABLES.includes(kind)) return { suspicion, finding: null };
    const message = MESSAGES[kind];
    const beside = ptes.filter((other) => other !== suspicion && tableOf(other.address) === tableOf(address));
    const [finding = null] = explainEntry({
      backend,
      target,
      level,
      word: entry,
      address,
      memory,
      mending: beside.length < MOST_FLIPPED ? bits : [],
      beside: beside.slice(0, MOST_BESIDE).flatMap(({ entry: word }) => word ?? []),
      ...(message === undefined ? {} : { message }),
    });
    return { suspicion, finding };
  });
}

/** A suspicion with its finding, as --json has it. */
export interface ToldJson extends Omit<Suspicion, "address" | "entry"> {
  readonly address: string;
  readonly entry: string | null;
  readonly finding:
    | (Pick<Finding, "cause" | "strength" | "sentence"> & { readonly next: string | null })
    | null;
}

export const toldJson = ({ backend }: Kernel, { suspicion, finding }: Told): ToldJson => {
  const { kind, address, level, entry, bits, sentence } = suspicion;
  return {
    kind,
    address: shortHex(address),
    level,
    entry: entry === null ? null : hex(entry, backend.layout.pteBits),
    bits,
    sentence,
    finding:
      finding === null
        ? null
        : {
            cause: finding.cause,
            strength: finding.strength,
            sentence: finding.sentence,
            next: finding.next ?? null,
          },
  };
};

/** A line, and below it what explain concludes. */
export function toldLines({ backend }: Kernel, who: string, { suspicion, finding }: Told): string[] {
  const { kind, address, level, entry, sentence } = suspicion;
  const word = entry === null ? "" : ` ${hex(entry, backend.layout.pteBits)}`;
  return [
    `${who}, ${shortHex(address)}, ${level}${word} · ${kind}: ${sentence}`,
    ...(finding === null ? [] : [`  ${finding.strength} ${finding.cause}: ${finding.sentence}`]),
  ];
}
