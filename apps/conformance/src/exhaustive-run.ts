import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ArchBackend, BackendParts } from "@ptekit/core";
import type { ExhaustiveResult, Words } from "./exhaustive.ts";

/** What a worker is given. */
export interface ExhaustiveTask {
  readonly parts: BackendParts;
  readonly words: Words;
}

/** What a worker says: what it is about, then what its layout showed. */
export type ExhaustiveMessage = { readonly what: string } | { readonly result: ExhaustiveResult };

/**
 * These words of all layouts, in their order; one layout to a thread, as many at a time as there are cores. `done` is
 * told of each as it ends. Where one thread fails, so does all, at once.
 */
export async function exhaustAll(
  backends: readonly ArchBackend[],
  words: Words,
  progress: (what: string) => void,
  done: (result: ExhaustiveResult, backend: ArchBackend) => void,
): Promise<ExhaustiveResult[]> {
  const waiting = [...backends.entries()];
  const results: ExhaustiveResult[] = [];
  const workers = new Set<Worker>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, backend] = next;
      const result = await exhaustApart(backend, words, progress, workers);
      results[index] = result;
      done(result, backend);
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  } finally {
    waiting.length = 0;
    await Promise.all([...workers].map((worker) => worker.terminate()));
  }
  return results;
}

function exhaustApart(
  { arch, layout, present, types, kernel }: ArchBackend,
  words: Words,
  progress: (what: string) => void,
  workers: Set<Worker>,
): Promise<ExhaustiveResult> {
  const parts: BackendParts = { arch, layout, present, types, kernel, assumptions: [] };
  const task: ExhaustiveTask = { parts, words };
  const worker = new Worker(new URL("./exhaustive-worker.js", import.meta.url), { workerData: task });
  workers.add(worker);
  return new Promise((resolve, reject) => {
    worker.on("message", (message: ExhaustiveMessage) => {
      if ("what" in message) progress(message.what);
      else resolve(message.result);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      workers.delete(worker);
      reject(new Error(`a worker ended with ${code} before ${layout.id} was done`));
    });
  });
}
