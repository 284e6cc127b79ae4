import { parentPort, workerData } from "node:worker_threads";
import { createBackend } from "@ptekit/core";
import { exhaust } from "./exhaustive.ts";
import type { ExhaustiveMessage, ExhaustiveTask } from "./exhaustive-run.ts";

// What each worker thread of `--exhaustive` runs: the words of one layout.

const say = (message: ExhaustiveMessage): void => parentPort?.postMessage(message);

const { parts, words }: ExhaustiveTask = workerData;
say({ result: await exhaust(createBackend(parts), words, (what) => say({ what })) });
