import { PtekitError } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import { memoryPieces } from "./pieces.ts";
import { bytesOf, latin1 } from "./text.ts";

/** What a kernel says of itself for dumps: `include/linux/vmcore_info.h`. Absent names are null. */
export interface Vmcoreinfo {
  readonly text: string;
  /** `6.1.0-50-amd64`; null where the text lacks it. */
  readonly release: string | null;
  readonly buildId: string | null;
  /** Bytes. */
  readonly pageSize: number | null;
  /** A kernel virtual address: `SYMBOL(swapper_pg_dir)`. */
  symbol(name: string): bigint | null;
  /** `NUMBER(phys_base)`, as the 64 bits that the kernel holds, so that it can be added modulo 2^64. */
  number(name: string): bigint | null;
  offset(name: string): number | null;
  size(name: string): number | null;
}

/** A text is longer than a page on no machine; a given file may have more around it. */
const MOST_CHARACTERS = 2 ** 20;
const FIRST_WORD = "OSRELEASE=";

/**
 * A VMCOREINFO text, read.
 *
 * @throws PtekitError `BAD_FILE` where it has no line of the form that the kernel writes.
 */
export function parseVmcoreinfo(text: string): Vmcoreinfo {
  const values = new Map<string, string>();
  for (const line of text.slice(0, MOST_CHARACTERS).split("\n")) {
    const [, key, value] = /^([A-Z][\w-]*(?:\([^)]+\))?)=(\S.*?)\s*$/.exec(line) ?? [];
    // A later line of the same name is another kernel's, where two texts follow each other.
    if (key !== undefined && value !== undefined && !values.has(key)) values.set(key, value);
  }
  if (values.size === 0)
    throw new PtekitError(
      "BAD_FILE",
      "this is no VMCOREINFO: it has no line such as OSRELEASE=6.12 or SYMBOL(_stext)=…",
    );
  const decimal = (key: string): number | null => {
    const value = values.get(key);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : null;
  };
  return {
    text,
    release: values.get("OSRELEASE") ?? null,
    buildId: values.get("BUILD-ID") ?? null,
    pageSize: decimal("PAGESIZE"),
    symbol: (name) => hexadecimal(values.get(`SYMBOL(${name})`)),
    number: (name) => integer(values.get(`NUMBER(${name})`)),
    offset: (name) => decimal(`OFFSET(${name})`),
    size: (name) => decimal(`SIZE(${name})`),
  };
}

const hexadecimal = (value: string | undefined): bigint | null =>
  value !== undefined && /^[0-9a-f]{1,16}$/i.test(value) ? BigInt(`0x${value}`) : null;

function integer(value: string | undefined): bigint | null {
  const [, sign, digits] = /^(-?)(0x[0-9a-f]{1,16}|\d{1,20})$/i.exec(value ?? "") ?? [];
  return digits === undefined ? null : BigInt.asUintN(64, sign ? -BigInt(digits) : BigInt(digits));
}

/**
 * Every VMCOREINFO text in memory, by the physical address of its page: the note is a page of the kernel's that begins so.
 * A crash kernel's own, and a copy that was made for safety, can be among them.
 */
export function* findVmcoreinfo(
  memory: PhysicalMemory,
): Generator<{ readonly address: bigint; readonly text: string }, void, undefined> {
  const first = bytesOf(FIRST_WORD);
  const word = new DataView(first.buffer).getUint32(0, true);
  for (const { address, bytes, own } of memoryPieces(memory)) {
    const view = new DataView(bytes.buffer);
    for (let page = 0; page + PAGE <= own; page += PAGE) {
      if (view.getUint32(page, true) !== word) continue;
      const text = latin1(bytes.subarray(page, page + PAGE));
      if (text.startsWith(FIRST_WORD)) yield { address: address + BigInt(page), text };
    }
  }
}

/** Every page size is a multiple of this one, and a text fits in it. */
const PAGE = 4096;
