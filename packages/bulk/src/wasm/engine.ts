import { PtekitError } from "@ptekit/core";
import type { Arena, Engine, OffsetColumns, Places } from "../kernel.ts";
import { layOut } from "../kernel.ts";
import type { Plan, Stored } from "../plan.ts";
import { assemble } from "./assemble.ts";
import type { CensusPlaces } from "./census-kernel.ts";
import { censusKernel, countedTypes, MARKERS, placesOf } from "./census-kernel.ts";
import { decodeKernel } from "./decode-kernel.ts";
import { encodeKernel } from "./encode-kernel.ts";
import { liesInOrder } from "./lanes.ts";
import type { WasmApi, WasmInstance, WasmMemory, WasmModule } from "./webassembly.ts";

const PAGE = 65536;
const MAX_PAGES = 65536;
/** PTEs that a kernel takes at once; the rest of an input goes through the tail area. */
const STEP = 16;

// The start of every arena: scratch, one step of input and columns for the tail, totals, and what a census needs.
const SCRATCH = 0;
const TAIL = layOut(STEP, 8, 64);
export const TOTALS = 640;
const COUNTING = 1024;

const countingPlaces = (plan: Plan): CensusPlaces => placesOf(plan, SCRATCH, TOTALS, COUNTING);

/** The WebAssembly module that decodes. */
export const decodingModule = (plan: Plan, offsets: OffsetColumns): Uint8Array<ArrayBuffer> =>
  assemble(ordersOf(plan).map((stored) => decodeKernel(plan, `decode-${stored}`, stored, offsets)));

/** The WebAssembly module that counts. */
export function countingModule(plan: Plan): Uint8Array<ArrayBuffer> {
  return assemble(
    ordersOf(plan).map((stored) => censusKernel(plan, `census-${stored}`, stored, countingPlaces(plan))),
  );
}

/** The WebAssembly module that encodes. */
export const encodingModule = (plan: Plan, offsets: OffsetColumns): Uint8Array<ArrayBuffer> =>
  assemble(ordersOf(plan).map((stored) => encodeKernel(plan, `encode-${stored}`, stored, offsets)));

const ordersOf = (plan: Plan): Stored[] => (liesInOrder(plan) ? ["numbers"] : ["numbers", "bytes"]);

/** The SIMD engine: modules made for this plan, small enough to be compiled on the spot. */
export function simdEngine(api: WasmApi, plan: Plan, offsets: OffsetColumns): Engine {
  const decoding = compiled(api, plan, decodingModule(plan, offsets));
  // Few users need the other verbs.
  const modules: Modules = {
    decoding: () => decoding,
    counting: once(() => compiled(api, plan, countingModule(plan))),
    encoding: once(() => compiled(api, plan, encodingModule(plan, offsets))),
  };
  return { name: "simd", arena: (capacity) => arenaOf(api, modules, plan, offsets, capacity) };
}

/** A module for each verb, made when first asked for. */
interface Modules {
  readonly decoding: () => WasmModule;
  readonly counting: () => WasmModule;
  readonly encoding: () => WasmModule;
}

/** A kernel that the machine refuses is refused by a code, not by its own error. */
function compiled(api: WasmApi, plan: Plan, bytes: Uint8Array<ArrayBuffer>): WasmModule {
  try {
    return new api.Module(bytes);
  } catch (error) {
    throw new PtekitError(
      "BAD_LAYOUT",
      `${plan.backend.layout.id}: no kernel can be compiled for it (engine "javascript" needs none): ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function arenaOf(api: WasmApi, modules: Modules, plan: Plan, offsets: OffsetColumns, wanted: number): Arena {
  const capacity = Math.ceil(wanted / STEP) * STEP;
  const counting = countingPlaces(plan);
  const { input, places, end } = layOut(capacity, plan.pteBytes, counting.end);
  const memory = memoryOf(api, Math.ceil(end / PAGE), wanted);
  const instanceOf = (module: WasmModule): WasmInstance => new api.Instance(module, { env: { memory } });
  const decoder = once(() => instanceOf(modules.decoding()));
  const counter = once(() => instanceOf(modules.counting()));
  const encoder = once(() => instanceOf(modules.encoding()));
  const bytes = new Uint8Array(memory.buffer);
  const totals = new Uint32Array(memory.buffer, TOTALS, MARKERS + plan.backend.types.markers.length);
  const types = new Uint32Array(memory.buffer, counting.types, countedTypes(plan));
  const decodeSteps = (from: number, count: number, stored: Stored, to: Places): void => {
    const { kind, type, offset, offsetHigh, flags } = to;
    kernelOf(decoder(), plan, "decode", stored)(from, count, kind, type, offset, offsetHigh, flags);
  };
  const encodeSteps = (to: number, count: number, stored: Stored, from: Places): boolean => {
    const { kind, type, offset, offsetHigh, flags } = from;
    return (
      kernelOf(encoder(), plan, "encode", stored)(to, count, kind, type, offset, offsetHigh, flags) === 1
    );
  };
  const copyRows = (from: Places, fromRow: number, to: Places, toRow: number, rows: number): void => {
    for (const { at, size } of columnSizes(offsets)) {
      bytes.copyWithin(to[at] + toRow * size, from[at] + fromRow * size, from[at] + (fromRow + rows) * size);
    }
  };

  return {
    capacity,
    buffer: memory.buffer,
    input,
    places,
    decode(from, count, stored, to) {
      const whole = count - (count % STEP);
      if (whole > 0) decodeSteps(from, whole, stored, to);
      if (whole === count) return;
      bytes.copyWithin(TAIL.input, from + whole * plan.pteBytes, from + count * plan.pteBytes);
      decodeSteps(TAIL.input, STEP, stored, TAIL.places);
      copyRows(TAIL.places, 0, to, whole, count - whole);
    },
    encode(to, count, stored, from) {
      const whole = count - (count % STEP);
      const fits = whole === 0 || encodeSteps(to, whole, stored, from);
      if (whole === count || !fits) return fits;
      for (const { at, size } of columnSizes(offsets))
        bytes.fill(0, TAIL.places[at], TAIL.places[at] + STEP * size);
      copyRows(from, whole, TAIL.places, 0, count - whole);
      const tailFits = encodeSteps(TAIL.input, STEP, stored, TAIL.places);
      bytes.copyWithin(to + whole * plan.pteBytes, TAIL.input, TAIL.input + (count - whole) * plan.pteBytes);
      return tailFits;
    },
    census(from, count, stored, sum) {
      const whole = count - (count % STEP);
      const countSteps = kernelOf(counter(), plan, "census", stored);
      totals.fill(0);
      types.fill(0);
      if (whole > 0) countSteps(from, whole);
      const padding = whole === count ? 0 : STEP - (count - whole);
      if (padding > 0) {
        fillWithEmpty(bytes, plan, stored);
        bytes.copyWithin(TAIL.input, from + whole * plan.pteBytes, from + count * plan.pteBytes);
        countSteps(TAIL.input, STEP);
      }
      const [nones = 0, entries = 0, groups = 0] = totals;
      sum.total += count;
      sum.nones += nones - padding;
      sum.entries += entries;
      if (entries === 0) return;
      addUp(sum.types, types);
      // In a group with an entry, what is none or present was counted as type 0.
      sum.types[0] = (sum.types[0] as number) - (groups * STEP - entries);
      addUp(sum.flags, totals.subarray(3));
      addUp(sum.markers, totals.subarray(MARKERS));
    },
  };
}

function addUp(sums: Float64Array, counts: Uint32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (counts[i] as number);
}

const columnSizes = (offsets: OffsetColumns): readonly { at: keyof Places; size: number }[] => [
  { at: "kind", size: 1 },
  { at: "type", size: 1 },
  { at: "flags", size: 1 },
  ...(offsets === "u64"
    ? [{ at: "offset" as const, size: 8 }]
    : [
        { at: "offset" as const, size: 4 },
        { at: "offsetHigh" as const, size: 4 },
      ]),
];

function kernelOf(
  { exports }: WasmInstance,
  plan: Plan,
  verb: string,
  stored: Stored,
): (...args: number[]) => number {
  const kernel = exports[`${verb}-${liesInOrder(plan) ? "numbers" : stored}`];
  if (!kernel) throw new RangeError(`the module has no ${verb} for ${stored}`);
  return kernel;
}

function memoryOf(api: WasmApi, pages: number, capacity: number): WasmMemory {
  const refusal = `${capacity} PTEs and their columns need ${pages} pages of 64 KiB`;
  if (pages > MAX_PAGES) throw new PtekitError("BAD_ARGUMENT", `${refusal}, WebAssembly has ${MAX_PAGES}`);
  try {
    return new api.Memory({ initial: pages, maximum: pages });
  } catch {
    throw new PtekitError("BAD_ARGUMENT", `${refusal}, which this machine does not give`);
  }
}

/** Fills the tail with empty PTEs, which count as none. */
function fillWithEmpty(bytes: Uint8Array, plan: Plan, stored: Stored): void {
  for (let i = 0; i < STEP * plan.pteBytes; i++) {
    const place = i % plan.pteBytes;
    const byte = stored === "bytes" ? (plan.byteOrder[place] ?? 0) : place;
    bytes[TAIL.input + i] = Number((plan.empty >> BigInt(8 * byte)) & 0xffn);
  }
}
