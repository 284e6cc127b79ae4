// `npm run reports`: every report of packages/explain/reports, judged, and the score by kind of fault.
import type { Expected } from "./judge.ts";
import { answerTo, cases, judge, logOf } from "./judge.ts";

const only = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const scores = new Map<string, { right: number; all: number }>();
let right = 0;
let all = 0;

for (const expected of cases().filter(
  ({ file }) => only.length === 0 || only.some((name) => file.startsWith(name)),
)) {
  const answer = await answerTo(logOf(expected), expected.options);
  const problems = judge(expected, answer);
  count(expected, problems.length === 0);
  if (problems.length > 0)
    console.log([expected.file, ...problems.map((problem) => `  ${problem}`)].join("\n"));
  if (process.argv.includes("--text")) console.log(`\n${expected.file}\n\n${answer.text}`);
}

console.log();
for (const [cause, score] of [...scores].sort())
  console.log(`${cause.padEnd(20)} ${score.right} of ${score.all}`);
console.log(`${"all".padEnd(20)} ${right} of ${all}`);
process.exitCode = right === all ? 0 : 1;

function count({ cause }: Expected, isRight: boolean): void {
  const score = scores.get(cause) ?? { right: 0, all: 0 };
  scores.set(cause, { right: score.right + Number(isRight), all: score.all + 1 });
  right += Number(isRight);
  all++;
}
