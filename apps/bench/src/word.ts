import type { AnyDecoded, ArchBackend } from "@ptekit/core";
import { FLAG_NAMES, hex } from "@ptekit/core";
import type { ByHand } from "./by-hand.ts";
import { BY_HAND } from "./by-hand.ts";
import type { DataKind } from "./data.ts";
import { DATA, makeData } from "./data.ts";
import { rowsOf } from "./extras.ts";
import { cpuNs, interleave } from "./pairs.ts";
import type { Row } from "./workloads.ts";

const WORDS = 4096;
const TIMES = 100;

/** `decode()` of one word after the other, every default open, against a decoder written by hand. */
export async function wordRows(backend: ArchBackend, rounds: number): Promise<Row[]> {
  const byHand = BY_HAND[backend.arch];
  if (!byHand) throw new Error(`${backend.arch} has no decoder written by hand`);
  const rows: Row[] = [];
  for (const kind of Object.keys(DATA) as DataKind[]) {
    const words = wordsOf(backend, makeData(backend, kind, WORDS));
    for (const word of words) checkAgreement(backend, backend.decode(word), byHand(word));
    const timings = await interleave(
      [contender("decode", words, backend.decode), contender("by hand", words, byHand)],
      rounds,
    );
    const about = { workload: "word", arch: backend.arch, data: DATA[kind], size: "4K words" };
    rows.push(...rowsOf(about, timings, WORDS, ["decode"]));
  }
  return rows;
}

function wordsOf(backend: ArchBackend, bytes: Uint8Array): readonly bigint[] {
  const view =
    backend.layout.pteBits === 32 ? new Uint32Array(bytes.buffer) : new BigUint64Array(bytes.buffer);
  return Array.from(view, BigInt);
}

function contender(
  name: string,
  words: readonly bigint[],
  decode: (pte: bigint) => { readonly kind: string; readonly type?: number },
) {
  // What is found is added up, so that none of it can be left out.
  let found = 0;
  return {
    name,
    times: TIMES,
    run: async (times: number): Promise<number> => {
      const from = cpuNs();
      for (let i = 0; i < times; i++) {
        for (const word of words) {
          const { kind, type = 0 } = decode(word);
          found += kind.length + type;
        }
      }
      const to = cpuNs();
      if (Number.isNaN(found)) throw new Error(`${name} found nothing`);
      return to - from;
    },
  };
}

/** A comparison of decoders that differ would say nothing. */
function checkAgreement(backend: ArchBackend, ours: AnyDecoded, theirs: ByHand): void {
  const isEntry = theirs.kind === "swap" || theirs.kind === "special";
  const kind = !isEntry ? ours.kind : (ours.type ?? 0) < backend.types.maxSwapfiles ? "swap" : "special";
  const same =
    kind === theirs.kind &&
    (isEntry || ours.pfn === theirs.pfn) &&
    (!isEntry ||
      (ours.type === theirs.type &&
        ours.offset === theirs.offset &&
        FLAG_NAMES.every((flag) => ours[flag] === theirs[flag])));
  if (!same)
    throw new Error(
      `${backend.layout.id}: ${hex(ours.pte, backend.layout.pteBits)} is read otherwise by hand`,
    );
}
