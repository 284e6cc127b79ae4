import type { ArchBackend, Decoded } from "@ptekit/core";
import { jsonText, presentFlags, toJson } from "@ptekit/core";
import type { Command } from "../command.ts";
import { UsageError, verdict } from "../errors.ts";
import { stdinLines } from "../input.ts";
import { readWord } from "../numbers.ts";
import type { Output } from "../output.ts";
import { backendAtLevel, JSON_OPTION, LEVEL_OPTIONS, TARGET_OPTIONS } from "../target.ts";
import type { Reader } from "../words.ts";
import { wordText } from "../words.ts";

export const decode: Command = {
  name: "decode",
  summary: "say what page-table entries mean",
  description: [
    "Words are hexadecimal, with or without 0x, as kernels print them; with - they are read from standard input, any number, divided by white space. A word that is none is reported and the rest is decoded all the same.",
    "What was assumed because it was not given (a Kconfig symbol, a CPU feature) is named beside each answer that it could change.",
  ],
  arguments: [{ name: "PTE", many: true, help: "the words, or - for standard input" }],
  options: [
    ...TARGET_OPTIONS,
    ...LEVEL_OPTIONS,
    { name: "pagemap", help: "the words are those of /proc/PID/pagemap, and no page-table entries" },
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit decode --arch arm64 --kernel 6.12 0x17c0", shows: "a uffd-wp marker" },
    {
      line: "ptekit decode --arch x86_64 --kernel 7.2 --level pmd 0xd7ffeffffc1ffe00",
      shows: "a THP migration entry",
    },
    {
      line: "ptekit decode --arch amd64 --kernel 6.1.0-50-amd64 --cpu la57 --json 0xbffffffffe8d1e00",
      shows: "a migration entry, for a script",
    },
    {
      line: "ptekit decode --arch arm64 --kernel 6.1 --config CONFIG_DEVICE_PRIVATE=n --json -",
      shows: "many words from standard input",
      stdin: "12bc3e04 12bc3f00\n",
    },
    {
      line: "ptekit decode --arch x86_64 --kernel 6.12 --pagemap 0xa18000000000820d",
      shows: "a word of /proc/PID/pagemap",
    },
  ],
  async run(given, out) {
    if (given.has("pagemap") && (given.has("hugetlb") || given.text("level") !== undefined))
      throw new UsageError("--level and --hugetlb do not go with --pagemap: its words have one form");
    const backend = await backendAtLevel(given);
    if (given.args.length === 0) {
      throw new UsageError("decode what? Give PTEs, or - to read them from standard input");
    }
    const reader = given.has("pagemap")
      ? (await import("../pagemap/word.ts")).pagemapReader(backend, given.has("json"), out)
      : wordReader(backend, given.has("json"), out);
    let wrong = 0;
    const one = (text: string, where: string): void => {
      const print = read(reader, text);
      if (typeof print === "string") {
        wrong++;
        out.warn(`ptekit: ${where}${print}`);
      } else print();
    };
    for (const arg of given.args) {
      if (arg === "-") await fromStdin(one, out);
      else one(arg, "");
    }
    // Exit status 2: at least one word could not be read.
    return wrong > 0 ? 2 : 0;
  },
};

/** What prints a word, or the sentence why it is none. */
function read(reader: Reader, text: string): string | (() => void) {
  try {
    return reader(readWord(text));
  } catch (error) {
    return verdict(error).sentence;
  }
}

async function fromStdin(one: (text: string, where: string) => void, out: Output): Promise<void> {
  let number = 0;
  let isEmpty = true;
  for await (const lines of stdinLines()) {
    for (const line of lines) {
      number++;
      for (const text of line.split(/\s+/)) {
        if (text === "") continue;
        isEmpty = false;
        one(text, `line ${number}: `);
      }
    }
    out.flush();
  }
  if (isEmpty) out.warn("ptekit: standard input has no word");
}

/** The kernel's names of the bits that are set in a present entry that maps a page. */
const namesIn = (backend: ArchBackend, said: Decoded): { names?: readonly string[] } =>
  said.kind === "present" && said.pfn !== undefined ? { names: presentFlags(backend, said.pte) } : {};

/** What prints a word of a page table. */
function wordReader(backend: ArchBackend, json: boolean, out: Output): Reader {
  const print = json ? jsonPrinter(backend, out) : textPrinter(backend, out);
  return (word) => {
    const said = backend.decode(word);
    return () => print(said);
  };
}

type Printer = (said: Decoded) => void;

const jsonPrinter =
  (backend: ArchBackend, out: Output): Printer =>
  (said) =>
    said.kind === "present"
      ? out.json({ ...toJson(said), ...namesIn(backend, said) })
      : out.jsonLine(jsonText(said));

function textPrinter(backend: ArchBackend, out: Output): Printer {
  let first = true;
  return (said) => {
    if (!first) out.line();
    first = false;
    for (const line of wordText(backend, said, out.colors)) out.line(line);
  };
}
