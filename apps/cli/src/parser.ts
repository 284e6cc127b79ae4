import { Command as Commander, Option as CommanderOption } from "commander";
import type { Command } from "./command.ts";
import { ABOUT, examplesText, HELP_OPTION, paragraphs, VERSION } from "./help.ts";

/** The parser of the whole program, with its commands. */
export function programOf(commands: readonly Command[]): Commander {
  const program = quiet(new Commander("ptekit"))
    .usage("COMMAND [options]")
    .description(ABOUT)
    .version(VERSION, "-V, --version", "print the version")
    .helpCommand("help [command]", "help for a command")
    .addHelpText(
      "after",
      "\nptekit WORD decodes a word (0x17c0, pte:17c0, swp_entry_t …, pagemap: …), ptekit FILE explains a log.",
    )
    .addHelpText("after", "\nptekit COMMAND --help shows a command's options and examples.");
  for (const command of commands) program.addCommand(parserOf(command));
  return program;
}

/** The parser of one command. */
export function parserOf(command: Command): Commander {
  const parser = quiet(new Commander(command.name))
    .summary(command.summary)
    .description(paragraphs(command))
    .addHelpText("after", () => `\n${examplesText(command)}`);
  for (const argument of command.arguments ?? []) {
    const name = argument.many ? `${argument.name}...` : argument.name;
    parser.argument(argument.required ? `<${name}>` : `[${name}]`, argument.help);
  }
  for (const option of command.options) {
    const flags = option.value === undefined ? `--${option.name}` : `--${option.name} <${option.value}>`;
    const added = new CommanderOption(flags, option.required ? `${option.help} (required)` : option.help);
    if (option.many)
      added.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    parser.addOption(added);
  }
  return parser;
}

/** Throws instead of ending the process, and prints nothing itself. */
function quiet(parser: Commander): Commander {
  return parser
    .exitOverride()
    .helpOption("-h, --help", HELP_OPTION)
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
}

/** A parser's help as it is printed, 100 columns wide. */
export function helpText(parser: Commander): string {
  let text = "";
  parser.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  parser.outputHelp();
  return text.trimEnd();
}
