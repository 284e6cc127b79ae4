import { parseArgs } from "node:util";
import { didYouMean } from "@ptekit/core";
import type { Argument, Command, Given, Option } from "./command.ts";
import { UsageError } from "./errors.ts";

/**
 * The values of a command line, read as a command says.
 *
 * @throws UsageError for an option or argument that the command does not take, or one that it needs and is missing.
 */
export function givenOf(command: Command, args: readonly string[]): Given {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(command.options.map((option) => [option.name, { type: typeOf(option) }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = optionOf(command, token.rawName, token.name);
    if (option.value === undefined && token.inlineValue) {
      throw new UsageError(`option '--${option.name}' takes no value`);
    }
    if (option.value !== undefined && token.value === undefined) {
      throw new UsageError(`option '--${option.name} <${option.value}>' argument missing`);
    }
    const before = values.get(option.name) ?? [];
    if (!option.many && option.value !== undefined && before.length > 0)
      throw new UsageError(`option '--${option.name}' is given twice`);
    values.set(option.name, [...before, token.value ?? ""]);
  }
  checkArguments(command.arguments ?? [], positionals);
  // Only now, so that a misspelt option is named rather than missed.
  const missing = command.options.find((option) => option.required && !values.has(option.name));
  if (missing) throw new UsageError(`${command.name} needs --${missing.name} ${missing.value ?? ""}`.trim());
  return answers(command, values, positionals);
}

const typeOf = (option: Option): "string" | "boolean" => (option.value === undefined ? "boolean" : "string");

function optionOf(command: Command, rawName: string, name: string): Option {
  const option = command.options.find((known) => known.name === name && rawName === `--${name}`);
  if (option) return option;
  const near = didYouMean(
    rawName,
    command.options.map((known) => `--${known.name}`),
  );
  throw new UsageError(`unknown option '${rawName}'${near}`);
}

function checkArguments(known: readonly Argument[], given: readonly string[]): void {
  const needed = known.filter(({ required }) => required);
  const missing = needed[given.length];
  if (missing) throw new UsageError(`missing required argument '${missing.name}'`);
  if (given.length > known.length && !known.some(({ many }) => many)) {
    const expected = known.length === 1 ? "1 argument" : `${known.length} arguments`;
    throw new UsageError(`too many arguments: expected ${expected}, got ${given.length}`);
  }
}

function answers(command: Command, values: ReadonlyMap<string, readonly string[]>, args: string[]): Given {
  const valuesOf = (name: string): readonly string[] | undefined => {
    if (!command.options.some((option) => option.name === name)) throw new UsageError(`no option --${name}`);
    return values.get(name);
  };
  return {
    command: command.name,
    args,
    text: (name) => valuesOf(name)?.at(-1),
    list: (name) => valuesOf(name) ?? [],
    has: (name) => valuesOf(name) !== undefined,
  };
}
