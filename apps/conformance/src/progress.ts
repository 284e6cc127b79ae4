/** A line on a terminal that says what is being checked; nothing elsewhere. */
export interface Progress {
  show(what: string): void;
  stop(): void;
}

const EVERY_MS = 100;

export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { show: () => {}, stop: () => {} };
  let last = 0;
  return {
    show(what) {
      const now = Date.now();
      if (now - last < EVERY_MS) return;
      last = now;
      stream.write(`\r\x1b[Kchecking ${what.slice(0, stream.columns - 12)}`);
    },
    stop: () => void stream.write("\r\x1b[K"),
  };
}
