import { commands } from "./commands/index.ts";
import { verdict } from "./errors.ts";
import { VERSION } from "./help.ts";
import type { Output } from "./output.ts";
import { ClosedPipe, openOutput } from "./output.ts";
import { answerName, helpName, recorded } from "./recorded.ts";

/** Runs one command line; what comes back is the exit status. Nothing it throws reaches the user as a stack. */
export async function start(args: readonly string[]): Promise<number> {
  try {
    const out = await openOutput();
    const status = await answered(args, out).catch((error: unknown) => {
      if (error instanceof ClosedPipe) throw error;
      const { status, sentence } = verdict(error);
      out.warn(`ptekit: ${sentence}`);
      return status;
    });
    return status;
  } catch (error) {
    // Nobody reads the answer any more, as under `| head`.
    return error instanceof ClosedPipe ? 0 : verdict(error).status;
  }
}

/** The answer, written to its end: what cannot be written is an error like any other. */
async function answered(args: readonly string[], out: Output): Promise<number> {
  const status = await answer(args, out);
  out.flush();
  return status;
}

async function answer(args: readonly string[], out: Output): Promise<number> {
  if (args[0] === "--version" || args[0] === "-V") {
    out.line(VERSION);
    return 0;
  }
  const topic = helpTopic(args);
  if (topic !== null) {
    const isKnown = topic === "" || Object.hasOwn(commands, topic);
    if (isKnown && out.copy(answerFile(helpName(topic)))) return args.length === 0 ? 2 : 0;
  }
  const line = args.join(" ");
  if (recorded.includes(line) && out.copy(answerFile(answerName(line, out.colored)))) return 0;
  keepCompiled();
  const { dispatch } = await import("./dispatch.ts");
  return dispatch(args[0] === "help" ? args.slice(1) : args, out);
}

/** What a command compiles is kept for the next start, where Node can (from 22.1 on) and NODE_DISABLE_COMPILE_CACHE lets it. */
function keepCompiled(): void {
  const node: { enableCompileCache?: () => unknown } & object = process.getBuiltinModule("node:module");
  node.enableCompileCache?.();
}

/** Where the build left an answer. */
const answerFile = (name: string): URL => new URL(`./answers/${name}`, import.meta.url);

/** What `--help`, `help COMMAND`, `COMMAND --help` or nothing at all asks about; null for anything else. */
function helpTopic(args: readonly string[]): string | null {
  const [first = "", second] = args;
  const isHelp = (word: string | undefined): boolean => word === "--help" || word === "-h";
  if (first === "" || isHelp(first)) return "";
  if (first === "help") return second ?? "";
  const end = args.indexOf("--");
  return args.slice(1, end === -1 ? undefined : end).some(isHelp) ? first : null;
}
