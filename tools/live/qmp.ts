// QEMU's monitor, as far as it is needed: one command after the other.
import net from "node:net";

export interface Qmp {
  /** What a command gives back; throws with QEMU's own words where it refuses. */
  run(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

interface Message {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

/** A connection to the monitor on a unix socket. */
export async function connectQmp(path: string): Promise<Qmp> {
  const socket = net.createConnection(path);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const waiting: { resolve(message: Message): void; reject(error: Error): void }[] = [];
  let pending = "";
  const fail = (): void => {
    for (const { reject } of waiting.splice(0)) reject(new Error("QEMU closed its monitor"));
  };
  socket.on("error", fail).on("close", fail);
  socket.on("data", (chunk) => {
    pending += chunk;
    for (let end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
      const message: Message = JSON.parse(pending.slice(0, end));
      pending = pending.slice(end + 1);
      // A greeting and events come without being asked for.
      if ("return" in message || "error" in message) waiting.shift()?.resolve(message);
    }
  });
  const run: Qmp["run"] = async (command, args = {}) => {
    const message = await new Promise<Message>((resolve, reject) => {
      waiting.push({ resolve, reject });
      socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
    if (message.error) throw new Error(`QEMU refuses ${command}: ${message.error.desc}`);
    return message.return;
  };
  await run("qmp_capabilities");
  return { run, close: () => socket.destroy() };
}
