// What is loaded when it is first asked for.
import { signal } from "@preact/signals-core";

/** Something that is loaded at the first call: null until it is there. A view that asked is drawn again then. */
export function later<T>(
  load: () => Promise<T>,
  failed: (error: unknown) => void = () => {},
): () => T | null {
  const loaded = signal<T | null>(null);
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      load().then(
        (found) => {
          loaded.value = found;
        },
        (error) => {
          // The next call tries again.
          asked = false;
          failed(error);
        },
      );
    }
    return loaded.value;
  };
}
