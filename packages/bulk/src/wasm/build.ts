import type { Code, ValueType, WasmFunction } from "./assemble.ts";
import { get, repeatWhile, set } from "./ops.ts";

/** A function under construction: statements in order, and locals as they are asked for. */
export interface Builder {
  /** The parameters, in order. */
  readonly params: readonly number[];
  /** A new local. */
  local(type: ValueType): number;
  /** A new local that holds this value from here on; returns the code that reads it. */
  keep(value: Code, type?: ValueType): Code;
  /** Appends statements. */
  emit(...code: Code[]): void;
  /** The statements that `body` emits, to be appended elsewhere. */
  block(body: () => void): Code;
  /** Appends a loop over the statements that `body` emits, repeated while the condition it returns holds. */
  loop(body: () => Code): void;
  finish(): WasmFunction;
}

export function builder(
  name: string,
  params: readonly ValueType[],
  results: readonly ValueType[] = [],
): Builder {
  const locals: ValueType[] = [];
  let statements: Code[] = [];
  const local = (type: ValueType): number => params.length + locals.push(type) - 1;
  const emit = (...code: Code[]): void => void statements.push(...code);
  const block = (body: () => void): Code => {
    const outer = statements;
    const inner: Code[] = [];
    statements = inner;
    body();
    statements = outer;
    return inner;
  };
  return {
    params: params.map((_, index) => index),
    local,
    keep(value, type = "v128") {
      const index = local(type);
      emit(set(index, value));
      return get(index);
    },
    emit,
    block,
    loop(body) {
      let condition: Code = [];
      const inner = block(() => {
        condition = body();
      });
      emit(repeatWhile(inner, condition));
    },
    finish: () => ({ name, params, results, locals, body: statements }),
  };
}
