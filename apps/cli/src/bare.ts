// What is given without a command: `ptekit 0x17c0`, `ptekit dmesg.txt`.
import { statSync } from "node:fs";
import type { WordReading, WrittenWord } from "@ptekit/core";
import { decodePagemap, genericEntry, genericMeaning, pagemapMeaning, shortHex, wordIn } from "@ptekit/core";
import type { Command, Given } from "./command.ts";
import { decode } from "./commands/decode.ts";
import { printEntry } from "./commands/entry.ts";
import { explain } from "./commands/explain.ts";
import { UsageError } from "./errors.ts";
import { givenOf } from "./given.ts";
import { calledWord, readWord } from "./numbers.ts";
import type { Output } from "./output.ts";
import { backendOf } from "./target.ts";

const bare: Command = {
  ...decode,
  name: "a word",
  arguments: [{ name: "WORD", many: true, help: "the words, or a log" }],
};

/**
 * Decodes words, or explains a file. What comes back is the exit status; null where the arguments are neither.
 */
export async function runBare(args: readonly string[], out: Output): Promise<number | null> {
  const first = args.find((arg) => !arg.startsWith("-")) ?? args.at(-1) ?? "";
  // An option's value may stand before the word: which it is, its command says.
  if (args[0]?.startsWith("--") === true)
    return decode.options.some(({ name }) => args[0]?.split("=")[0] === `--${name}`)
      ? words(args, out)
      : null;
  if (isFile(first)) return explain.run(givenOf(explain, args), out);
  const isWord = looksWritten(first) || /^0x/i.test(first) || calledWord(first) !== null;
  return isWord ? words(args, out) : null;
}

/** Whether an argument is meant as a word: `fade` is one, and may be a misspelt command. */
function looksWritten(text: string): boolean {
  const found = wordIn(text);
  return found !== null && (found.as !== null || /\d/.test(text) || text.length >= 8);
}

function isFile(text: string): boolean {
  if (text === "-") return true;
  if (looksWritten(text)) return false;
  return /[/\\]/.test(text) || statSync(text, { throwIfNoEntry: false })?.isDirectory() === false;
}

async function words(args: readonly string[], out: Output): Promise<number> {
  const given = givenOf(bare, args);
  const found = wordsIn(given.args);
  if (found.length === 0) throw new UsageError("decode what? Give a word, as in ptekit 0x17c0, or a log");
  let status = 0;
  for (const [i, { word, as }] of found.entries()) {
    if (i > 0 && !given.has("json")) out.line();
    status = Math.max(status, await one(word, given.has("pagemap") ? "pagemap" : as, given, out));
  }
  return status;
}

/** The words of a command line; one name before them, as in `pte: 17c0 47c0`, says what they are. */
function wordsIn(args: readonly string[]): WrittenWord[] {
  const whole = wordIn(args.join(" "));
  if (whole?.as) return [whole];
  const called = calledWord(args.join(" "));
  const texts = called === null ? args : called.rest.split(/\s+/).filter((text) => text !== "");
  if (called !== null && texts.length === 0)
    throw new UsageError(`${called.name} of which word? Give it, as in ptekit ${called.name}: 0x17c0`);
  return texts.map((text) => {
    const { word, as } = wordIn(text) ?? { word: text, as: null };
    return { word, as: as ?? called?.as ?? null };
  });
}

async function one(word: string, as: WordReading | null, given: Given, out: Output): Promise<number> {
  if (as === "entry")
    return printEntry(await backendOf(given), readWord(word), given.has("json"), out) ? 0 : 1;
  const asked = as === "pagemap" ? withPagemap(given) : given;
  const status = await decode.run({ ...asked, args: [word] }, out);
  if (status === 0 && as === null && !given.has("json")) await others(readWord(word), given, out);
  return status;
}

const withPagemap = (given: Given): Given => ({
  ...given,
  has: (name) => name === "pagemap" || given.has(name),
});

/** What the word would be if it were no PTE, as nothing says that it is one. */
async function others(word: bigint, given: Given, out: Output): Promise<void> {
  const { kernel, layout, types } = await backendOf(given);
  if (word === 0n) return;
  const entry = genericEntry(word, layout.longBits ?? layout.pteBits, kernel.release);
  out.line();
  out.line(
    out.colors.dim(
      `were it a swp_entry_t (ptekit entry): type ${entry.type} (${genericMeaning(entry, kernel.release)}), offset ${shortHex(entry.offset)}`,
    ),
  );
  // Words of pagemap have one of their highest two bits set, and no other where none is known.
  if (word >> 62n === 0n || word >> 62n === 3n || word >> 64n !== 0n) return;
  const said = decodePagemap(word, kernel.release);
  if (said.unknown.length > 0) return;
  out.line(out.colors.dim(`were it of /proc/PID/pagemap (--pagemap): ${pagemapMeaning(said, types)}`));
}
