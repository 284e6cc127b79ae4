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
  const section = (id: number, content: Code): Code => [id, sized(content)];
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(functions.map((fn) => [0x60, types(fn.params), types(fn.results)]))),
      section(2, vector([[name("env"), name("memory"), 0x02, 0x00, 1]])),
      section(3, vector(functions.map((_, index) => unsigned(index)))),
      section(7, vector(functions.map((fn, index) => [name(fn.name), 0x00, unsigned(index)]))),
      section(10, vector(functions.map(bodyOf))),
    ]),
  );
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

// The engine's own flat() is fast from the first call; code of ours would still be interpreted.
const flat = (code: Code): number[] =>
  (code as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[];

const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];

const types = (list: readonly ValueType[]): Code => vector(list.map((type) => [valueTypes[type]]));

const name = (text: string): Code => vector([...text].map((char) => [char.charCodeAt(0)]));

/** The code behind its size; flat from then on. */
function sized(code: Code): Code {
  const bytes = flat(code);
  return [unsigned(bytes.length), bytes];
}

const bodyOf = (fn: WasmFunction): Code =>
  sized([vector(fn.locals.map((type) => [1, valueTypes[type]])), fn.body, 0x0b]);
