import type { ArchBackend } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import { blocksOf } from "./blocks.ts";
import type { Columns } from "./columns.ts";
import { checkColumns } from "./columns.ts";
import { describe } from "./describe.ts";
import { encodeInto } from "./encode.ts";
import type { CompileOptions, Decoder } from "./interface.ts";
import { javascriptEngine } from "./javascript.ts";
import type { OffsetColumns } from "./kernel.ts";
import { planOf } from "./plan.ts";
import type { Session } from "./session.ts";
import { counterOf, decodeTo, memoryOf, placesOfFit, sessionOf } from "./session.ts";
import { simdEngine } from "./wasm/engine.ts";
import { simdApi } from "./wasm/webassembly.ts";

/**
 * A decoder for a backend: its layout compiled to a WebAssembly SIMD module, or the JavaScript engine.
 *
 * @throws PtekitError `BAD_LAYOUT` naming the field that cannot be compiled; `UNKNOWN_OPTION`; `BAD_ARGUMENT` for engine
 * `"simd"` where it cannot be had.
 */
export async function compile<O extends OffsetColumns = "u64">(
  backend: ArchBackend,
  options: CompileOptions<O> = {},
): Promise<Decoder<O>> {
  checkOptions(options);
  const { engine = "auto", offsets = "u64" as O } = options;
  const plan = planOf(backend);
  const api = engine === "javascript" ? undefined : simdApi();
  if (engine === "simd" && !api)
    throw new PtekitError("BAD_ARGUMENT", `engine "simd" needs WebAssembly SIMD, which cannot be had here`);
  return decoderOf(
    sessionOf(plan, api ? simdEngine(api, plan, offsets) : javascriptEngine(plan, offsets), offsets),
  );
}

function checkOptions(options: CompileOptions): void {
  if (typeof options !== "object" || options === null)
    throw new PtekitError("BAD_ARGUMENT", `options are an object, not ${describe(options)}`);
  for (const [key, value] of Object.entries(options)) {
    const known = { engine: ["auto", "simd", "javascript"], offsets: ["u64", "u32"] }[key];
    if (!known) throw new PtekitError("UNKNOWN_OPTION", `compile has engine and offsets, not ${key}`);
    if (value !== undefined && !known.includes(value)) {
      throw new PtekitError("UNKNOWN_OPTION", `${key} is ${known.join(" or ")}, not ${String(value)}`);
    }
  }
}

/** The verbs over one session. */
function decoderOf<O extends OffsetColumns>(session: Session<O>): Decoder<O> {
  const { plan, engine, offsets } = session;
  const decoder: Decoder<O> = {
    backend: plan.backend,
    engine: engine.name,
    offsets,
    decode: (ptes, out) => decodeTo(session, ptes, out),
    census(ptes) {
      const counter = counterOf(session);
      counter.add(ptes);
      return counter.census();
    },
    counter: () => counterOf(session),
    find: (ptes, predicate) => placesOfFit(session, ptes, predicate),
    encode<T extends Uint32Array | BigUint64Array | Uint8Array>(columns: Columns<O>, out?: T): T {
      const rows = checkColumns(columns, offsets, "columns");
      const words = out ?? ((plan.pteBits === 32 ? new Uint32Array(rows) : new BigUint64Array(rows)) as T);
      encodeInto(session, columns, rows, words);
      return words;
    },
    memory: (ptes) => memoryOf(session, ptes),
    blocks: (source, options) => blocksOf(decoder, source, options),
    async censusOf(source, options) {
      const counter = counterOf(session);
      for await (const { bytes } of blocksOf(decoder, source, { ...options, columns: false }))
        counter.add(bytes);
      return counter.census();
    },
  };
  return Object.freeze(decoder);
}
