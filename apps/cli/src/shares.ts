import fs from "node:fs";
import type { ArchBackend } from "@ptekit/core";
import { pteBytesOf } from "@ptekit/core";

/** How many of some PTEs an assumption changes. */
export interface Share {
  readonly sentence: string;
  readonly differ: number;
  /** PTEs that were looked at. */
  readonly of: number;
}

/** PTEs that are read side by side, and how many such places there are. */
const BESIDE = 64;
const PLACES = 16;

/**
 * For each assumption how many of a file's PTEs would read otherwise, up to 1024 of them at even distances; null where the
 * file cannot be read twice (standard input, a pipe) or nothing is assumed.
 */
export function sharesOf(backend: ArchBackend, file: string | null): Share[] | null {
  if (file === null || backend.assumed.length === 0) return null;
  const words = sampleOf(backend, file);
  if (words === null || words.length === 0) return null;
  const differ = new Map<string, number>();
  for (const word of words) {
    for (const { sentence } of backend.decode(word).assumed)
      differ.set(sentence, (differ.get(sentence) ?? 0) + 1);
  }
  return [...differ].map(([sentence, count]) => ({ sentence, differ: count, of: words.length }));
}

/** What follows an assumption's line: `; otherwise 12.50 % of 1024 PTEs looked at read differently`. */
export function shareText(shares: readonly Share[] | null, line: string): string {
  const share = shares?.find(({ sentence }) => line.endsWith(sentence));
  if (share === undefined) return "";
  return `; otherwise ${((100 * share.differ) / share.of).toFixed(2)} % of ${share.of} PTEs looked at read differently`;
}

function sampleOf(backend: ArchBackend, file: string): bigint[] | null {
  const pteBytes = pteBytesOf(backend.layout);
  let fd: number;
  try {
    if (!fs.statSync(file).isFile()) return null;
    fd = fs.openSync(file, "r");
  } catch {
    return null;
  }
  try {
    const ptes = Math.floor(fs.fstatSync(fd).size / pteBytes);
    const step = Math.max(BESIDE, Math.floor(ptes / PLACES));
    const words: bigint[] = [];
    for (let first = 0; first < ptes && words.length < BESIDE * PLACES; first += step) {
      const bytes = new Uint8Array(Math.min(BESIDE, ptes - first) * pteBytes);
      const got = fs.readSync(fd, bytes, 0, bytes.length, first * pteBytes);
      for (let at = 0; at + pteBytes <= got; at += pteBytes)
        words.push(backend.fromBytes(bytes.subarray(at, at + pteBytes)));
    }
    return words;
  } finally {
    fs.closeSync(fd);
  }
}
