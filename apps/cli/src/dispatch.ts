import { didYouMean } from "@ptekit/core";
import { commands } from "./commands/index.ts";
import { UsageError } from "./errors.ts";
import { givenOf } from "./given.ts";
import type { Output } from "./output.ts";

/** Finds the command, reads its arguments and runs it. Only that command's code is evaluated. */
export async function dispatch(args: readonly string[], out: Output): Promise<number> {
  const [name = "", ...rest] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw new UsageError(nothingFound(name));
  const command = await load();
  return command.run(givenOf(command, rest), out);
}

function nothingFound(name: string): string {
  const what = name.startsWith("-") ? "option" : "command";
  return `unknown ${what} '${name}'${didYouMean(name, Object.keys(commands))}`;
}
