// QEMU's gdb stub, as far as it is needed: a breakpoint, going on, and stopping.
import net from "node:net";

export interface Gdb {
  /** The stub's answer to a command, without waiting for a stop. */
  ask(command: string): Promise<string>;
  /** Sets or takes away a breakpoint. Throws where the stub refuses. */
  breakpoint(set: boolean, address: bigint): Promise<void>;
  /** Lets the machine run until it stops; false where it did not within the time, and was stopped. */
  run(how: "c" | "s", milliseconds: number): Promise<boolean>;
  close(): void;
}

/** The sum that ends a packet. */
export function packet(text: string): string {
  const sum = [...text].reduce((total, letter) => total + letter.charCodeAt(0), 0) & 0xff;
  return `$${text}#${sum.toString(16).padStart(2, "0")}`;
}

/** The packets in what came, in their order, and what is left of one that is not whole. */
export function packetsIn(text: string): { packets: string[]; rest: string } {
  const packets: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("$", at);
    const end = start < 0 ? -1 : text.indexOf("#", start);
    if (end < 0 || text.length < end + 3) return { packets, rest: start < 0 ? "" : text.slice(start) };
    packets.push(text.slice(start + 1, end));
    at = end + 3;
  }
}

/** A connection to the stub on a unix socket, by which the machine is stopped. */
export async function connectGdb(path: string): Promise<Gdb> {
  const socket = net.createConnection(path);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const arrived: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  let pending = "";
  socket.setEncoding("latin1");
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    const { packets, rest } = packetsIn(pending + chunk);
    pending = rest;
    for (const text of packets) {
      socket.write("+");
      const next = waiting.shift();
      if (next) next(text);
      else arrived.push(text);
    }
  });
  /** The next packet, or null where none came in time. */
  const next = (milliseconds: number): Promise<string | null> => {
    const first = arrived.shift();
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      const got = (text: string): void => {
        clearTimeout(timer);
        resolve(text);
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(got), 1);
        resolve(null);
      }, milliseconds);
      waiting.push(got);
    });
  };
  const ask = async (command: string): Promise<string> => {
    socket.write(packet(command));
    for (;;) {
      const answer = await next(10_000);
      if (answer === null) throw new Error(`QEMU's gdb stub does not answer ${command}`);
      // The machine had stopped by itself just as it was told to.
      if (!/^[ST][0-9a-f]{2}/.test(answer)) return answer;
    }
  };
  return {
    ask,
    breakpoint: async (set, address) => {
      const answer = await ask(`${set ? "Z" : "z"}1,${address.toString(16)},4`);
      if (answer !== "OK") throw new Error(`QEMU's gdb stub sets no breakpoint: ${answer}`);
    },
    run: async (how, milliseconds) => {
      socket.write(packet(how));
      if ((await next(milliseconds)) !== null) return true;
      socket.write("\x03");
      await next(10_000);
      return false;
    },
    close: () => socket.destroy(),
  };
}
