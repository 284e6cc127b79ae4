// Questions to the compiled program and its answers, one a line.
import { run } from "./run.mjs";

/** A function from questions (lines, see kernel/ask.c) to answers (objects, or null), on a CPU of one kind. */
export function asker(program, runner) {
  const [command, ...before] = [...runner, program];
  return (questions, cpu = "") => {
    const input = `${questions.join("\n")}\n`;
    const answers = run(command, [...before, cpu], { input })
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    if (answers.length !== questions.length)
      throw new Error(`${program} gave ${answers.length} answers to ${questions.length} questions`);
    return answers;
  };
}

/** The lines that ask for the rows of a vector file, list by list; `special` by cpu, the default cpu being "". */
export function questionsOf(inputs) {
  const hex = (value) => `0x${value.toString(16)}`;
  const pair = ({ type, offset }) => `e ${type} ${hex(offset)}`;
  return {
    encode: inputs.encode.map(pair),
    encodeOverflow: inputs.encodeOverflow.map(pair),
    markers: inputs.markers.map((bits) => `m ${hex(bits)}`),
    special: inputs.special.map(({ kind, pfn }) => `s ${kind} ${hex(pfn)}`),
    decode: inputs.decode.map((pte) => `d ${hex(pte)}`),
  };
}
