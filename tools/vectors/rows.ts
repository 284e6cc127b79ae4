// Questions and answers, put together as a ptekit-vectors/1 file.
import { questionsOf } from "./ask.ts";
import type { Ask, Head, Lists, Row, VectorFile } from "./format.ts";
import type { Inputs, Special } from "./inputs.ts";

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** The lists of a vector file: each question's input, followed by the kernel's answer. `ask`: see ask.ts. */
export function rowsOf(inputs: Inputs, ask: Ask): Lists {
  const questions = questionsOf(inputs);
  const pairs = (name: "encode" | "encodeOverflow"): Row[] =>
    ask(questions[name]).map((answer, i) => {
      const { type, offset } = itemAt(inputs[name], i);
      return { type, offset: hex(offset), ...answer };
    });
  const markers = ask(questions.markers).flatMap((answer, i) =>
    answer === null ? [] : [{ bits: hex(itemAt(inputs.markers, i)), ...answer }],
  );
  return {
    encode: pairs("encode"),
    encodeOverflow: inputs.encodeOverflow.length > 0 ? pairs("encodeOverflow") : [],
    // A list that is absent means that the kernel has none.
    ...(markers.length > 0 && { markers }),
    special: specialRows(inputs.special, questions.special, ask),
    decode: ask(questions.decode).map((answer, i) => ({ pte: hex(itemAt(inputs.decode, i)), ...answer })),
  };
}

/** The kinds that this kernel has, in the order asked. On another cpu only the PTE differs, so only that is kept. */
function specialRows(inputs: readonly Special[], questions: readonly string[], ask: Ask): Row[] {
  const rows: (Row | undefined)[] = inputs.map(() => undefined);
  for (const cpu of new Set(inputs.map((question) => question.cpu ?? ""))) {
    const at = [...inputs.keys()].filter((i) => (inputs[i]?.cpu ?? "") === cpu);
    const answers = ask(
      at.map((i) => itemAt(questions, i)),
      cpu,
    );
    for (const [n, i] of at.entries()) {
      const answer = answers[n];
      if (!answer) continue;
      const { swpEntry, ...ptes } = answer;
      const { kind, pfn } = itemAt(inputs, i);
      rows[i] = cpu ? { kind, pfn: hex(pfn), ...ptes, cpu } : { kind, pfn: hex(pfn), swpEntry, ...ptes };
    }
  }
  return rows.filter((row) => row !== undefined);
}

/** Item i of a list of at least so many. */
function itemAt<T>(list: readonly T[], i: number): T {
  const item = list[i];
  if (item === undefined) throw new Error(`there is no question ${i}`);
  return item;
}

interface Made {
  readonly arch: string;
  readonly variant: string;
  readonly release: string;
  readonly config: Readonly<Record<string, string>>;
  readonly cpu?: string | undefined;
  readonly compiler: string;
  readonly source: string;
  readonly head: Head;
  readonly rows: Lists;
}

/** The whole file. `head`: the program's answer to "h"; constants that JSON's numbers cannot hold are left out. */
export function vectorFile(made: Made): VectorFile {
  const { arch, variant, release, config, cpu, compiler, source, head, rows } = made;
  const constants = Object.entries(head.constants).map(([name, value]) => [name, Number(BigInt(value))]);
  return {
    format: "ptekit-vectors/1",
    arch,
    variant,
    release,
    config,
    ...(cpu && { cpu }),
    method: `the kernel's headers compiled with its own flags (${compiler}), run natively or under qemu-user`,
    source,
    ...head,
    constants: Object.fromEntries(constants.filter(([, value]) => Number.isSafeInteger(value))),
    ...rows,
  };
}

/** JSON with one row a line, so that a diff shows rows. */
export function vectorText(file: Row): string {
  const lists = Object.entries(file).flatMap(([key, rows]): [string, Row[]][] =>
    Array.isArray(rows) ? [[key, rows]] : [],
  );
  const marks = new Map(lists.map(([key, rows]) => [`"${key}": []`, rowLines(key, rows)]));
  const emptied = { ...file, ...Object.fromEntries(lists.map(([key]) => [key, []])) };
  return `${JSON.stringify(emptied, null, 1)
    .split("\n")
    .map((line) => {
      const bare = line.trim().replace(/,$/, "");
      return marks.has(bare) ? ` ${marks.get(bare)}${line.endsWith(",") ? "," : ""}` : line;
    })
    .join("\n")}\n`;
}

function rowLines(key: string, rows: readonly Row[]): string {
  if (rows.length === 0) return `"${key}": []`;
  return `"${key}": [\n${rows.map((row) => `  ${oneLine(row)}`).join(",\n")}\n ]`;
}

function oneLine(row: Row): string {
  return `{${Object.entries(row)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(", ")}}`;
}
