// The worker: what takes its time runs here, so that the page answers to keys meanwhile.
import type { Asked, Done, Part, TaskName, Tasks } from "./protocol.ts";

declare const self: {
  onmessage: ((event: { readonly data: Asked }) => void) | null;
  postMessage(part: Part): void;
};

const tasks: { readonly [Name in TaskName]: () => Promise<(asks: Tasks[Name]["asks"]) => Done<Name>> } = {
  file: async () => (await import("./file.ts")).readFile,
  log: async () => (await import("./log.ts")).readLog,
  way: async () => (await import("./dump.ts")).readWay,
  words: async () => (await import("./words.ts")).readWords,
};

self.onmessage = ({ data }) => {
  perform(data).catch((error: unknown) =>
    self.postMessage({ what: "failed", sentence: error instanceof Error ? error.message : String(error) }),
  );
};

/** How long what comes waits for more of it, in milliseconds: a message each would keep the page busy. */
const WAIT = 80;

async function perform<Name extends TaskName>({ name, asks }: Asked<Name>): Promise<void> {
  const task: (asks: Tasks[Name]["asks"]) => Done<Name> = await tasks[name]();
  const done = task(asks);
  let some: Tasks[Name]["one"][] = [];
  // The first is shown at once.
  let since = 0;
  const flush = (): void => {
    if (some.length > 0) self.postMessage({ what: "some", some });
    some = [];
    since = performance.now();
  };
  for (;;) {
    const next = await done.next();
    if (next.done) {
      flush();
      self.postMessage({ what: "end", end: next.value });
      return;
    }
    some.push(next.value);
    if (performance.now() - since > WAIT) flush();
  }
}
