// Questions to the compiled program and its answers, one a line.

import { run } from "../common/run.ts";
import type { Ask, Lists } from "./format.ts";
import type { Inputs, Pair } from "./inputs.ts";

/** A function from questions (lines, see kernel/ask.c) to answers (objects, or null), on a CPU of one kind. */
export function asker(program: string, runner: readonly string[]): Ask {
  const [command = program, ...before] = [...runner, program];
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
export function questionsOf(inputs: Inputs): Record<keyof Lists, string[]> {
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const pair = ({ type, offset }: Pair): string => `e ${type} ${hex(offset)}`;
  return {
    encode: inputs.encode.map(pair),
    encodeOverflow: inputs.encodeOverflow.map(pair),
    markers: inputs.markers.map((bits) => `m ${hex(bits)}`),
    special: inputs.special.map(({ kind, pfn }) => `s ${kind} ${hex(pfn)}`),
    decode: inputs.decode.map((pte) => `d ${hex(pte)}`),
  };
}
