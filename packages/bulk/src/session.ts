import { PtekitError } from "@ptekit/core";
import type { Counter } from "./census.ts";
import { censusOf, noCounts } from "./census.ts";
import type { Columns } from "./columns.ts";
import { checkColumns, columnsIn, copyRows, createColumns, placesIn } from "./columns.ts";
import { describe } from "./describe.ts";
import type { FindPredicate } from "./find.ts";
import { rowTest } from "./find.ts";
import type { Input, PteInput } from "./input.ts";
import { inputOf } from "./input.ts";
import type { PteMemory } from "./interface.ts";
import type { Arena, Engine, OffsetColumns } from "./kernel.ts";
import type { Plan } from "./plan.ts";

/** PTEs in a block that is copied, decoded and copied out: PTEs and columns stay in cache. */
export const BLOCK = 16384;

/** A plan with an engine for it, and the memory that they work in. */
export interface Session<O extends OffsetColumns = OffsetColumns> {
  readonly plan: Plan;
  readonly engine: Engine;
  readonly offsets: O;
  /** The room that callers were given, by its buffer: what stands there needs no copy. */
  readonly arenas: WeakMap<ArrayBufferLike, Arena>;
  /** Room for one block, for what stands elsewhere. */
  scratch(): Arena;
}

/** A session that has no memory yet. */
export function sessionOf<O extends OffsetColumns>(plan: Plan, engine: Engine, offsets: O): Session<O> {
  let arena: Arena | undefined;
  return {
    plan,
    engine,
    offsets,
    arenas: new WeakMap(),
    scratch() {
      arena ??= engine.arena(BLOCK);
      return arena;
    },
  };
}

/** Copies an input into the scratch arena, block by block. */
function eachBlock(
  session: Session,
  { bytes, count }: Input,
  work: (arena: Arena, first: number, rows: number) => void,
): void {
  const { pteBytes } = session.plan;
  const arena = session.scratch();
  const room = new Uint8Array(arena.buffer);
  for (let first = 0; first < count; first += BLOCK) {
    const rows = Math.min(BLOCK, count - first);
    room.set(bytes.subarray(first * pteBytes, (first + rows) * pteBytes), arena.input);
    work(arena, first, rows);
  }
}

/** What the PTEs say, in new columns or the first rows of `out`. */
export function decodeTo<O extends OffsetColumns>(
  session: Session<O>,
  ptes: PteInput,
  out?: Columns<O>,
): Columns<O> {
  const { plan, offsets, arenas } = session;
  const input = inputOf(plan, ptes);
  const { count, stored, bytes } = input;
  if (out !== undefined) checkRoom(checkColumns(out, offsets, "out"), count);
  const columns = out ?? createColumns(count, offsets);
  const arena = arenas.get(bytes.buffer);
  const places = arena && placesIn(arena.buffer, columns);
  if (arena && places) {
    arena.decode(bytes.byteOffset, count, stored, places);
    return columns;
  }
  eachBlock(session, input, (block, first, rows) => {
    block.decode(block.input, rows, stored, block.places);
    copyRows(columnsIn(block.buffer, block.places, rows, offsets), columns, first, rows);
  });
  return columns;
}

/** A census that grows by parts. */
export function counterOf(session: Session): Counter {
  const { plan, arenas } = session;
  const sum = noCounts(plan);
  return {
    add(ptes) {
      const input = inputOf(plan, ptes);
      const arena = arenas.get(input.bytes.buffer);
      if (arena) arena.census(input.bytes.byteOffset, input.count, input.stored, sum);
      else eachBlock(session, input, (block, _, rows) => block.census(block.input, rows, input.stored, sum));
    },
    census: () => censusOf(plan, sum),
  };
}

/** The places of the PTEs that a predicate fits, lowest first. */
export function placesOfFit(session: Session, ptes: PteInput, predicate: FindPredicate): Uint32Array {
  const { plan, offsets } = session;
  const test = rowTest(plan, predicate);
  const input = inputOf(plan, ptes);
  const found: number[] = [];
  eachBlock(session, input, (block, first, rows) => {
    block.decode(block.input, rows, input.stored, block.places);
    const columns = columnsIn(block.buffer, block.places, rows, offsets);
    for (let row = 0; row < rows; row++) if (test(columns, row)) found.push(first + row);
  });
  return Uint32Array.from(found);
}

/** Room for PTEs and their columns, which the session knows from then on. */
export function memoryOf<O extends OffsetColumns>(session: Session<O>, ptes: number): PteMemory<O> {
  const { plan, engine, offsets, arenas } = session;
  if (!Number.isSafeInteger(ptes) || ptes < 1) {
    throw new PtekitError("BAD_ARGUMENT", `memory takes a number of PTEs from 1 on, not ${describe(ptes)}`);
  }
  const arena = engine.arena(ptes);
  arenas.set(arena.buffer, arena);
  const { buffer, input, places } = arena;
  return {
    // Copies of a word do not fit the engines' memory, which holds it once.
    bytes:
      plan.storedBytes === plan.pteBytes
        ? new Uint8Array(buffer, input, ptes * plan.pteBytes)
        : new Uint8Array(ptes * plan.storedBytes),
    words:
      plan.pteBits === 32 ? new Uint32Array(buffer, input, ptes) : new BigUint64Array(buffer, input, ptes),
    columns: columnsIn(buffer, places, ptes, offsets),
  };
}

/** Refuses an `out` that is too small. */
export function checkRoom(rows: number, wanted: number): void {
  if (rows < wanted)
    throw new PtekitError("BAD_ARGUMENT", `out has room for ${rows} rows, ${wanted} are needed`);
}
