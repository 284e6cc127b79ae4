/** A question, and whether it was answered with yes. */
type Ask = (question: string) => boolean;

interface Made<T> {
  readonly answers: ReadonlyMap<string, boolean>;
  readonly value: T;
}

/**
 * Something made from data by asking questions: made once for the same data and the same answers. What several kernels
 * share is one object then, which is quicker to compare too.
 */
export function onceForAnswers<K extends object, T>(
  make: (data: K, ask: Ask) => T,
): (data: K, ask: Ask) => T {
  const known = new WeakMap<K, Made<T>[]>();
  return (data, ask) => {
    const made = known.get(data) ?? [];
    known.set(data, made);
    for (const { answers, value } of made) if (isAnswered(answers, ask)) return value;
    const answers = new Map<string, boolean>();
    const value = make(data, (question) => {
      const answer = ask(question);
      answers.set(question, answer);
      return answer;
    });
    made.push({ answers, value });
    return value;
  };
}

function isAnswered(answers: ReadonlyMap<string, boolean>, ask: Ask): boolean {
  for (const [question, answer] of answers) if (ask(question) !== answer) return false;
  return true;
}
