import type { Command as Commander } from "commander";
import { CommanderError } from "commander";
import type { Command, Given } from "./command.ts";
import { commands, loadCommands } from "./commands/index.ts";
import { UsageError } from "./errors.ts";
import type { Output } from "./output.ts";
import { parserOf, programOf } from "./parser.ts";

/** Finds the command, reads its arguments and runs it. Only that command's code is evaluated. */
export async function dispatch(args: readonly string[], out: Output): Promise<number> {
  const [name = "", ...rest] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) return nothingFound(args);
  const command = await load();
  const parser = parserOf(command);
  parse(parser, rest);
  const given = givenOf(command, parser);
  // Only now, so that a misspelt option is named rather than missed.
  const missing = command.options.find((option) => option.required && given.text(option.name) === undefined);
  if (missing) throw new UsageError(`${command.name} needs --${missing.name} ${missing.value ?? ""}`.trim());
  return command.run(given, out);
}

/** Lets the parser of the whole program say what is wrong, and what is near. */
async function nothingFound(args: readonly string[]): Promise<never> {
  parse(programOf(await loadCommands()), args);
  throw new UsageError(`${args.join(" ")}: no such command`);
}

function parse(parser: Commander, args: readonly string[]): void {
  try {
    parser.parse([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError(sentenceOf(error));
    throw error;
  }
}

/** Commander's `error: unknown option '--arc'\n(Did you mean --arch?)` as one sentence. */
function sentenceOf(error: CommanderError): string {
  return error.message
    .replace(/^error: /, "")
    .replace(/\n\(D(id you mean .*)\)$/s, (_, hint: string) => `; d${hint}`);
}

function givenOf(command: Command, parser: Commander): Given {
  const options: Readonly<Record<string, unknown>> = parser.opts();
  const optionValue = (name: string): unknown => {
    if (!command.options.some((option) => option.name === name)) throw new UsageError(`no option --${name}`);
    return options[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
  };
  return {
    args: parser.args,
    text(name) {
      const value = optionValue(name);
      return typeof value === "string" ? value : undefined;
    },
    list(name) {
      const value = optionValue(name);
      return Array.isArray(value) ? value.map(String) : [];
    },
    has: (name) => optionValue(name) === true,
  };
}
