// The page's side of the worker: one task at a time, and a new one ends that before it.
import type { Asked, Part, TaskName, Tasks } from "./protocol.ts";
import { whole } from "./whole.ts";

interface Job {
  readonly worker: Worker;
  isOver: boolean;
}

let last: Job | null = null;

/** Has the worker do a task, in place of what it does now. `take` gets what comes back, in parts. */
export function perform<Name extends TaskName>(
  name: Name,
  asks: Tasks[Name]["asks"],
  take: (part: Part<Name>) => void,
): void {
  // What computes does not listen: it is ended, and its modules are at hand for the next.
  cancel();
  const job: Job = { worker: last?.worker ?? start(), isOver: false };
  last = job;
  const taken = (part: Part<Name>): void => {
    if (last !== job || job.isOver) return;
    job.isOver = part.what !== "some";
    take(part);
  };
  job.worker.onmessage = ({ data }: MessageEvent<Part<Name>>) => taken(data);
  job.worker.onerror = (event) => {
    event.preventDefault();
    taken({
      what: "failed",
      sentence: "this part of the page could not be loaded: reload the page when there is a network",
    });
    if (last === job) last = null;
  };
  const asked: Asked<Name> = { name, asks };
  job.worker.postMessage(asked);
}

/** Ends what the worker does. */
export function cancel(): void {
  if (last === null || last.isOver) return;
  last.worker.terminate();
  last = null;
}

/** The page as one file runs the same script as its worker: there is no other file to load. */
function start(): Worker {
  if (whole === "") return new Worker(new URL("worker.js", document.baseURI), { type: "module" });
  const url = URL.createObjectURL(new Blob([whole], { type: "text/javascript" }));
  const worker = new Worker(url);
  // It is fetched by then.
  worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}
