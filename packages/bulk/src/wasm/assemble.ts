// A small WebAssembly assembler: a module of functions over one imported memory.

/** Instructions: bytes, nested as they were composed. */
export type Code = readonly (number | Code)[];

/** A value type of WebAssembly. */
export type ValueType = "i32" | "i64" | "v128";

const valueTypes: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };

/** A function; its locals are numbered from the parameters on. */
export interface WasmFunction {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** The bytes of a module that imports `env.memory` and exports every function under its name. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const out: number[] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const section = (id: number, ...content: Code[]): void => put([id, sized(content)], out);
  section(1, vector(functions.map((fn) => [0x60, types(fn.params), types(fn.results)])));
  section(2, vector([[name("env"), name("memory"), 0x02, 0x00, 1]]));
  section(3, vector(functions.map((_, index) => unsigned(index))));
  section(7, vector(functions.map((fn, index) => [name(fn.name), 0x00, unsigned(index)])));
  section(10, vector(functions.map(bodyOf)));
  return Uint8Array.from(out);
}

/** LEB128. */
export function unsigned(value: number): number[] {
  if (value < 0x80) return [value];
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** Signed LEB128 of up to 64 bits. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && byte < 0x40) || (rest === -1n && byte >= 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

function put(code: Code, into: number[]): void {
  for (let i = 0; i < code.length; i++) {
    const part = code[i] as number | Code;
    if (typeof part === "number") into.push(part);
    else put(part, into);
  }
}

const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];

const types = (list: readonly ValueType[]): Code => vector(list.map((type) => [valueTypes[type]]));

const name = (text: string): Code => vector([...text].map((char) => [char.charCodeAt(0)]));

/** The code behind its size; flat from then on. */
function sized(code: Code): Code {
  const bytes: number[] = [];
  put(code, bytes);
  return [unsigned(bytes.length), bytes];
}

const bodyOf = (fn: WasmFunction): Code =>
  sized([vector(fn.locals.map((type) => [1, valueTypes[type]])), fn.body, 0x0b]);
