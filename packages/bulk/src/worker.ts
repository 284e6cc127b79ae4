import { parentPort, workerData } from "node:worker_threads";
import { createBackend, PtekitError } from "@ptekit/core";
import { compile } from "./decoder.ts";
import type { RangeMessage, RangeTask } from "./range.ts";
import { censusRange } from "./range.ts";

// What each worker thread of decodeFile() runs.

const say = (message: RangeMessage): void => parentPort?.postMessage(message);

try {
  const { parts, engine, file, range }: RangeTask = workerData;
  const decoder = await compile(createBackend(parts), { engine });
  const steps = censusRange(decoder, file, range);
  let step = steps.next();
  while (!step.done) {
    say({ bytes: step.value });
    step = steps.next();
  }
  say({ census: step.value });
} catch (error) {
  if (!(error instanceof PtekitError)) throw error;
  say({ code: error.code, sentence: error.message });
}
