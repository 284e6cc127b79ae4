import manifest from "../package.json" with { type: "json" };
import type { Command } from "./command.ts";

// What the help texts and docs/cli.md share.

export const VERSION: string = manifest.version;
export const ABOUT =
  "Says what a Linux page-table entry that is not present means: paste a PTE or a log line, get the answer.";
export const HELP_OPTION = "print this help";

/** A command's summary and description. */
export function paragraphs(command: Command): string {
  return [sentence(command.summary), ...command.description].join("\n\n");
}

/** The examples as the help prints them. */
export function examplesText(command: Command): string {
  const lines = command.examples.flatMap(({ line, shows, stdin }) => [
    `  # ${shows}`,
    `  ${shellLine(line, stdin)}`,
    "",
  ]);
  return ["Examples:", ...lines].join("\n").trimEnd();
}

/** The line as one types it, with what it reads. */
export function shellLine(line: string, stdin?: string): string {
  return stdin === undefined
    ? `$ ${line}`
    : `$ printf '${stdin.replaceAll("\n", "\\n").replaceAll("'", "'\\''")}' | ${line}`;
}

export const sentence = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}.`;
