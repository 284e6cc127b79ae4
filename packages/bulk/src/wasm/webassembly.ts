import { assemble } from "./assemble.ts";
import { i32, splat8, store } from "./ops.ts";

// What this package uses of the WebAssembly JavaScript interface; neither es2022 nor a browser's types are assumed.

export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, (...args: number[]) => number>>;
}

export interface WasmApi {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  Instance: new (module: WasmModule, imports: { env: { memory: WasmMemory } }) => WasmInstance;
  Memory: new (descriptor: { initial: number; maximum: number }) => WasmMemory;
}

/**
 * WebAssembly, where the kernels can run: it has SIMD, the machine is little-endian as it is, and nothing forbids it, as
 * a Content-Security-Policy without `wasm-unsafe-eval` does, or a limit of address space that has no room for its memories.
 */
export function simdApi(): WasmApi | undefined {
  const api = (globalThis as unknown as { WebAssembly?: WasmApi }).WebAssembly;
  const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  if (!api || !littleEndian) return undefined;
  const body = store(i32(0), splat8(0));
  try {
    new api.Module(assemble([{ name: "probe", params: [], results: [], locals: [], body }]));
    // Of any size, a memory takes gigabytes of addresses: one that is had says that others are.
    new api.Memory({ initial: 1, maximum: 1 });
  } catch {
    return undefined;
  }
  return api;
}
