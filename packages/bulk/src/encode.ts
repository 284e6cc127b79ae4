import { FLAG_NAMES, hex, KINDS, PtekitError } from "@ptekit/core";
import type { Columns } from "./columns.ts";
import { columnsIn, copyRows, placesIn, sliceColumns } from "./columns.ts";
import { inputOf, putCopies } from "./input.ts";
import type { Plan, Stored } from "./plan.ts";
import { PRESENT } from "./plan.ts";
import type { Session } from "./session.ts";
import { BLOCK, checkRoom } from "./session.ts";

/** The PTEs that the kernel would write for the rows, into `out`: numbers, or bytes as they lie in memory. */
export function encodeInto(
  session: Session,
  columns: Columns,
  rows: number,
  out: Uint32Array | BigUint64Array | Uint8Array,
): void {
  const { plan } = session;
  const { bytes, count, stored } = inputOf(plan, out);
  checkRoom(count, rows);
  if (out instanceof Uint8Array && plan.storedBytes !== plan.pteBytes) {
    const once = bytes.subarray(0, rows * plan.pteBytes);
    encodeRows(session, columns, rows, once, stored);
    putCopies(plan, once, out);
  } else {
    encodeRows(session, columns, rows, bytes, stored);
  }
}

function encodeRows(
  session: Session,
  columns: Columns,
  rows: number,
  bytes: Uint8Array,
  stored: Stored,
): void {
  const { plan, offsets, arenas } = session;
  const arena = arenas.get(bytes.buffer);
  const places = arena && placesIn(arena.buffer, columns);
  if (arena && places) {
    if (!arena.encode(bytes.byteOffset, rows, stored, places)) throw unfitRow(plan, columns, rows);
    return;
  }
  // More than a block is put together elsewhere: what is refused leaves `bytes` as it was.
  const into = rows > BLOCK ? new Uint8Array(rows * plan.pteBytes) : bytes;
  const block = session.scratch();
  const room = new Uint8Array(block.buffer);
  for (let first = 0; first < rows; first += BLOCK) {
    const some = Math.min(BLOCK, rows - first);
    const from = sliceColumns(columns, first, some);
    copyRows(from, columnsIn(block.buffer, block.places, some, offsets), 0, some);
    if (!block.encode(block.input, some, stored, block.places)) throw unfitRow(plan, columns, rows);
    into.set(room.subarray(block.input, block.input + some * plan.pteBytes), first * plan.pteBytes);
  }
  if (into !== bytes) bytes.set(into);
}

/** What the scalar codec says against the first row that does not fit. */
function unfitRow(plan: Plan, columns: Columns, rows: number): PtekitError {
  const { backend } = plan;
  for (let row = 0; row < rows; row++) {
    const kind = columns.kind[row] ?? 0;
    if (kind === PRESENT || kind >= KINDS.length) {
      const what = KINDS[kind] ?? `kind ${kind}`;
      return new PtekitError(
        "BAD_ARGUMENT",
        `${backend.layout.id}: row ${row}: ${what} cannot be encoded as a swap entry`,
        { row },
      );
    }
    const offset =
      columns.offset?.[row] ??
      (BigInt(columns.offsetHigh?.[row] ?? 0) << 32n) | BigInt(columns.offsetLow?.[row] ?? 0);
    const bits = columns.flags[row] ?? 0;
    if (bits >> FLAG_NAMES.length !== 0) {
      return new PtekitError(
        "NO_SUCH_FLAG",
        `${backend.layout.id}: row ${row}: flags 0x${bits.toString(16)}`,
        { row, limit: (1 << FLAG_NAMES.length) - 1 },
      );
    }
    const flags = Object.fromEntries(FLAG_NAMES.map((flag, i) => [flag, ((bits >> i) & 1) === 1]));
    try {
      backend.encode({ type: columns.type[row] ?? 0, offset, ...flags });
    } catch (error) {
      if (error instanceof PtekitError) {
        const { code, message, limit } = error;
        return new PtekitError(code, `row ${row}: ${message}`, {
          row,
          ...(limit === undefined ? {} : { limit }),
        });
      }
      throw error;
    }
  }
  return new PtekitError(
    "BAD_ARGUMENT",
    `${backend.layout.id}: a row does not fit ${hex(plan.empty, plan.pteBits)}`,
  );
}
