// QEMU's gdb stub, as far as it is needed: stop the machine, read a register by name, let it run.
import net from "node:net";

/** A machine behind its stub. */
export interface Gdb {
  /** The value of a register as the machine's description names it, such as cr3 or TTBR0_EL1. */
  register(name: string): Promise<bigint>;
  /** Lets the machine run for some time, and stops it again. */
  runFor(milliseconds: number): Promise<void>;
  close(): void;
}

type Ask = (body: string) => Promise<string>;

/** A connection to the stub on a unix socket. Connecting stops the machine. */
export async function connectGdb(path: string): Promise<Gdb> {
  const socket = net.createConnection(path);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const packets = packetReader(socket);
  const send = (body: string): boolean => socket.write(packet(body));
  const ask: Ask = async (body) => {
    send(body);
    return packets.answer();
  };
  const numbers = registerNumbers(await describe(ask));
  return {
    async register(name) {
      const number = numbers.get(name);
      if (number === undefined) throw new Error(`this QEMU shows no register ${name}`);
      const answer = await ask(`p${number.toString(16)}`);
      if (!/^([0-9a-f]{2})+$/.test(answer)) throw new Error(`QEMU's gdb stub answered ${answer} for ${name}`);
      return BigInt(`0x${(answer.match(/../g) ?? []).reverse().join("")}`);
    },
    async runFor(milliseconds) {
      packets.forgetStops();
      send("c");
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      socket.write("\x03");
      await packets.stop();
    },
    close: () => socket.destroy(),
  };
}

/** A packet of gdb's remote protocol. */
export function packet(body: string): string {
  const sum = [...body].reduce((total, char) => total + char.charCodeAt(0), 0) & 255;
  return `$${body}#${sum.toString(16).padStart(2, "0")}`;
}

/** The register numbers of a target description, included files in their order: name to number. */
export function registerNumbers(files: readonly string[]): Map<string, number> {
  const numbers = new Map<string, number>();
  let next = 0;
  for (const xml of files) {
    for (const [, attributes = ""] of xml.replace(/<!--.*?-->/gs, "").matchAll(/<reg\s([^>]*)>/g)) {
      const name = /\bname="([^"]*)"/.exec(attributes)?.[1];
      const regnum = /\bregnum="(\d+)"/.exec(attributes)?.[1];
      const number = regnum === undefined ? next : Number(regnum);
      if (name !== undefined && !numbers.has(name)) numbers.set(name, number);
      next = number + 1;
    }
  }
  return numbers;
}

/** target.xml's included files, whole, in order. */
async function describe(ask: Ask): Promise<string[]> {
  await ask("qSupported:xmlRegisters=i386,arm,aarch64");
  const target = await annex(ask, "target.xml");
  const files: string[] = [];
  for (const [, name = ""] of target.matchAll(/<xi:include href="([^"]*)"/g))
    files.push(await annex(ask, name));
  return files;
}

async function annex(ask: Ask, name: string): Promise<string> {
  let text = "";
  for (;;) {
    const answer = await ask(`qXfer:features:read:${name}:${text.length.toString(16)},ff0`);
    text += answer.slice(1);
    if (answer[0] !== "m") return text;
  }
}

interface Packets {
  answer(): Promise<string>;
  stop(): Promise<string>;
  forgetStops(): void;
}

/**
 * Packets as they come in, acknowledged: answers, and reports that the machine stopped ("T05…", "S05"), which come without
 * being asked for, the first of them upon connecting to a machine that runs.
 */
function packetReader(socket: net.Socket): Packets {
  const answers = queue<string>();
  const stops = queue<string>();
  let pending = "";
  const fail = (): void => {
    answers.fail(new Error("QEMU closed its gdb stub"));
    stops.fail(new Error("QEMU closed its gdb stub"));
  };
  socket.setEncoding("latin1");
  socket.on("error", fail).on("close", fail);
  socket.on("data", (chunk: string) => {
    pending += chunk;
    for (let found = /\$([^#]*)#../s.exec(pending); found; found = /\$([^#]*)#../s.exec(pending)) {
      pending = pending.slice(found.index + found[0].length);
      socket.write("+");
      const body = unescapePacket(found[1] ?? "");
      if (/^[TS][0-9a-f]{2}/.test(body)) stops.put(body);
      else answers.put(body);
    }
  });
  return { answer: answers.next, stop: stops.next, forgetStops: stops.clear };
}

interface Queue<T> {
  put(item: T): void;
  next(): Promise<T>;
  clear(): void;
  fail(error: Error): void;
}

/** What comes in waits for who asks, and who asks waits for what comes in. */
function queue<T>(): Queue<T> {
  const ready: T[] = [];
  const waiting: { resolve: (item: T) => void; reject: (error: Error) => void }[] = [];
  return {
    put: (item) => {
      const first = waiting.shift();
      if (first) first.resolve(item);
      else ready.push(item);
    },
    next: () =>
      new Promise((resolve, reject) => {
        const [item] = ready.splice(0, 1);
        if (item === undefined) waiting.push({ resolve, reject });
        else resolve(item);
      }),
    clear: () => void ready.splice(0),
    fail: (error) => {
      for (const { reject } of waiting.splice(0)) reject(error);
    },
  };
}

/** `}` escapes the next character, xored with a space; `*` repeats the one before. */
export function unescapePacket(body: string): string {
  return body
    .replace(/(?<!\})([^}])\*(.)/g, (_, char, count) => char.repeat(count.charCodeAt(0) - 28))
    .replace(/\}(.)/g, (_, char) => String.fromCharCode(char.charCodeAt(0) ^ 0x20));
}
