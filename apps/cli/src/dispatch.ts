import { Command as Commander, CommanderError, Option as CommanderOption } from "commander";
import type { Command, Given } from "./command.js";
import { commands, loadCommands } from "./commands/index.js";
import { UsageError } from "./errors.js";
import { ABOUT, examplesText, HELP_OPTION, paragraphs, VERSION } from "./help.js";
import type { Output } from "./output.js";

/** Finds the command, reads its arguments and runs it. Only that command's code is evaluated. */
export async function dispatch(args: readonly string[], out: Output): Promise<number> {
  const name = args[0] ?? "";
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const loaded = load ? [await load()] : await loadCommands();
  const program = programOf(out);
  let status = 0;
  for (const command of loaded) {
    const parser = parserOf(command, program, out);
    parser.action(async () => {
      const given = givenOf(command, parser);
      // Only now, so that a misspelt option is named rather than missed.
      const missing = command.options.find(
        ({ name, required }) => required && given.text(name) === undefined,
      );
      if (missing)
        throw new UsageError(`${command.name} needs --${missing.name} ${missing.value ?? ""}`.trim());
      status = await command.run(given, out);
    });
    program.addCommand(parser);
  }
  if (args.length === 0) {
    out.line(program.helpInformation().trimEnd());
    return 2;
  }
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new UsageError(sentenceOf(error));
  }
  return status;
}

/** The parser of the whole program, without its commands. */
export function programOf(out: Output): Commander {
  return dressed(new Commander("ptekit"), out)
    .usage("COMMAND [options]")
    .description(ABOUT)
    .version(VERSION, "-V, --version", "print the version")
    .helpCommand("help [command]", "help for a command")
    .addHelpText("after", "\nptekit COMMAND --help shows a command's options and examples.");
}

/** The parser of one command. */
export function parserOf(command: Command, program: Commander, out: Output): Commander {
  const parser = dressed(new Commander(command.name), out)
    .copyInheritedSettings(program)
    .summary(command.summary)
    .description(paragraphs(command));
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
  return parser.addHelpText("after", `\n${examplesText(command)}`);
}

function dressed(parser: Commander, out: Output): Commander {
  return parser
    .exitOverride()
    .helpOption("-h, --help", HELP_OPTION)
    .configureHelp({ sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => out.line(text.trimEnd()),
      writeErr: () => {},
      getOutHelpWidth: () => out.columns,
      getErrHelpWidth: () => out.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

/** Commander's `error: unknown option '--arc'\n(Did you mean --arch?)` as one sentence. */
function sentenceOf(error: CommanderError): string {
  return error.message
    .replace(/^error: /, "")
    .replace(/\n\((Did you mean .*)\)$/s, (_, hint: string) => `; ${lowered(hint)}`);
}

const lowered = (text: string): string => text[0]?.toLowerCase() + text.slice(1);

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
