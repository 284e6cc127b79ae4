/**
 * Command lines whose answer depends on nothing but ptekit's own data. They are answered when the program is built: its
 * answers stand beside it in answers/, and asking again would take many times as long as starting.
 */
export const recorded: readonly string[] = [
  "archs",
  "archs --json",
  "argue",
  "argue --json",
  "argue --all",
  "argue --all --json",
  "spare --all",
  "spare --all --json",
];

/** The name of the file in answers/ for one of them; JSON has no colours. */
export function answerName(line: string, colored: boolean): string {
  return `${line.replaceAll(" ", "_")}${colored && !line.includes("--json") ? ".color" : ""}.txt`;
}

/** The name of the file in answers/ for a command's help, or the program's for "". */
export const helpName = (command: string): string => `help${command === "" ? "" : `_${command}`}.txt`;
