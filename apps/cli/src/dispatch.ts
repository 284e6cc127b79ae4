import { statSync } from "node:fs";
import { didYouMean, wordIn } from "@ptekit/core";
import { commands } from "./commands/index.ts";
import { UsageError } from "./errors.ts";
import { givenOf } from "./given.ts";
import type { Output } from "./output.ts";

/** Finds the command, reads its arguments and runs it. Only that command's code is evaluated. */
export async function dispatch(args: readonly string[], out: Output): Promise<number> {
  const [name = "", ...rest] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const { runBare } = await import("./bare.ts");
    const status = await runBare(args, out);
    if (status === null) throw new UsageError(nothingFound(name));
    return status;
  }
  const command = await load();
  return command.run(givenOf(command, rest), out);
}

function nothingFound(name: string): string {
  const what = name.startsWith("-") ? "option" : "command";
  if (statSync(name, { throwIfNoEntry: false })?.isDirectory())
    return `unknown ${what} '${name}': it is a folder, and no log`;
  const noFile = name.includes(".") ? ", and there is no such file" : "";
  const word = wordIn(name) === null ? "" : `; if a word is meant: ptekit 0x${name}`;
  return `unknown ${what} '${name}'${noFile}${didYouMean(name, Object.keys(commands))}${word}`;
}
