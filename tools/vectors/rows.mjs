// Questions and answers, put together as a ptekit-vectors/1 file.
import { questionsOf } from "./ask.mjs";

const hex = (value) => `0x${value.toString(16)}`;

/** The lists of a vector file: each question's input, followed by the kernel's answer. `ask`: see ask.mjs. */
export function rowsOf(inputs, ask) {
  const questions = questionsOf(inputs);
  const pairs = (name) =>
    ask(questions[name]).map((answer, i) => ({
      type: inputs[name][i].type,
      offset: hex(inputs[name][i].offset),
      ...answer,
    }));
  const markers = ask(questions.markers).flatMap((answer, i) =>
    answer === null ? [] : [{ bits: hex(inputs.markers[i]), ...answer }],
  );
  return {
    encode: pairs("encode"),
    encodeOverflow: inputs.encodeOverflow.length > 0 ? pairs("encodeOverflow") : [],
    // A list that is absent means that the kernel has none.
    ...(markers.length > 0 && { markers }),
    special: specialRows(inputs.special, questions.special, ask),
    decode: ask(questions.decode).map((answer, i) => ({ pte: hex(inputs.decode[i]), ...answer })),
  };
}

/** The kinds that this kernel has, in the order asked. On another cpu only the PTE differs, so only that is kept. */
function specialRows(inputs, questions, ask) {
  const rows = new Array(inputs.length);
  for (const cpu of new Set(inputs.map((question) => question.cpu ?? ""))) {
    const at = [...inputs.keys()].filter((i) => (inputs[i].cpu ?? "") === cpu);
    const answers = ask(
      at.map((i) => questions[i]),
      cpu,
    );
    for (const [n, i] of at.entries()) {
      if (answers[n] === null) continue;
      const { swpEntry, ...ptes } = answers[n];
      const { kind, pfn } = inputs[i];
      rows[i] = cpu ? { kind, pfn: hex(pfn), ...ptes, cpu } : { kind, pfn: hex(pfn), swpEntry, ...ptes };
    }
  }
  return rows.filter((row) => row !== undefined);
}

/** The whole file. `head`: the program's answer to "h"; constants that JSON's numbers cannot hold are left out. */
export function vectorFile({ arch, variant, release, config, cpu, compiler, source, head, rows }) {
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
export function vectorText(file) {
  const lists = Object.keys(file).filter((key) => Array.isArray(file[key]));
  const marks = new Map(lists.map((key) => [`"${key}": []`, rowLines(key, file[key])]));
  const emptied = { ...file, ...Object.fromEntries(lists.map((key) => [key, []])) };
  return `${JSON.stringify(emptied, null, 1)
    .split("\n")
    .map((line) => {
      const bare = line.trim().replace(/,$/, "");
      return marks.has(bare) ? ` ${marks.get(bare)}${line.endsWith(",") ? "," : ""}` : line;
    })
    .join("\n")}\n`;
}

function rowLines(key, rows) {
  if (rows.length === 0) return `"${key}": []`;
  return `"${key}": [\n${rows.map((row) => `  ${oneLine(row)}`).join(",\n")}\n ]`;
}

function oneLine(row) {
  return `{${Object.entries(row)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(", ")}}`;
}
