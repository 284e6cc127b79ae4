// npm run bench:scan: a whole scan of a dump as a process, beside Node's own start and what crash and drgn take to start on
// the same dump. CPU time, contenders in turns, medians; what cannot run here is skipped with the reason.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const USAGE = `npm run bench:scan -- [--vmlinux FILE] [--rounds N] [--json FILE] DUMP…
--vmlinux is the kernel of the dumps with its debugging symbols, which crash and drgn need; without it they are skipped.`;

const BIN = fileURLToPath(new URL("../dist/ptekit.cjs", import.meta.url));
const NODE = process.execPath;

interface Contender {
  readonly name: string;
  readonly command: string;
  /** Why it is skipped. */
  readonly not?: string;
}

interface Measured {
  readonly name: string;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryMb: number | null;
  /** CPU time in terms of Node's own start, and of each other contender, by rounds. */
  readonly ratioTo: Readonly<Record<string, number>>;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function contenders(dump: string, vmlinux: string | undefined): Contender[] {
  const has = (name: string): boolean => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
  const peer = (name: string, command: string): Contender => ({
    name,
    command,
    ...(vmlinux === undefined
      ? { not: "it needs the kernel's vmlinux (--vmlinux)" }
      : has(name.split(" ")[0] as string)
        ? {}
        : { not: "it is not installed" }),
  });
  const [file, kernel] = [quoted(dump), quoted(vmlinux ?? "")];
  return [
    { name: "node -e 0", command: `${quoted(NODE)} -e 0` },
    { name: "ptekit scan", command: `${quoted(NODE)} ${quoted(BIN)} scan ${file}` },
    { name: "ptekit scan --json", command: `${quoted(NODE)} ${quoted(BIN)} scan --json ${file}` },
    peer("drgn start", `echo 'prog["init_task"].comm' | drgn -c ${file} -s ${kernel}`),
    peer("crash start", `echo quit | crash -s ${kernel} ${file}`),
  ];
}

/** CPU and wall time in milliseconds; null where the command fails. */
function timed(command: string): { cpu: number; wall: number } | null {
  const { status, stderr } = spawnSync(
    "bash",
    ["-c", `TIMEFORMAT='@ %3U %3S %3R'; time { ${command}; } >/dev/null 2>&1`],
    { encoding: "utf8", env: { ...process.env, LC_ALL: "C", NODE_EXTRA_CA_CERTS: "" } },
  );
  const [, user, system, real] = /@ (\S+) (\S+) (\S+)/.exec(stderr) ?? [];
  if (status !== 0 || user === undefined) return null;
  return { cpu: 1000 * (Number(user) + Number(system)), wall: 1000 * Number(real) };
}

/** The peak of memory in MiB, by GNU time; null where that is not installed. */
function peakOf(command: string): number | null {
  const { stderr } = spawnSync("/usr/bin/time", ["-f", "@ %M", "sh", "-c", `${command} >/dev/null 2>&1`], {
    encoding: "utf8",
  });
  const found = /@ (\d+)/.exec(stderr ?? "")?.[1];
  return found === undefined ? null : Number(found) / 1024;
}

function measure(dump: string, vmlinux: string | undefined, rounds: number): Measured[] {
  const all = contenders(dump, vmlinux).filter(({ name, command, not }) => {
    const why = not ?? (timed(command) === null ? "it fails on this dump" : null);
    if (why !== null) console.error(`skipped: ${name}: ${why}`);
    return why === null;
  });
  const times = all.map((): { cpu: number; wall: number }[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, { command }] of all.entries()) times[i]?.push(timed(command) ?? { cpu: 0, wall: 0 });
  return all.map(({ name, command }, i) => {
    const own = times[i] ?? [];
    return {
      name,
      cpuMs: median(own.map(({ cpu }) => cpu)),
      wallMs: median(own.map(({ wall }) => wall)),
      memoryMb: peakOf(command),
      ratioTo: Object.fromEntries(
        all.flatMap((other, j) =>
          i === j
            ? []
            : [[other.name, median(own.map(({ cpu }, round) => cpu / (times[j]?.[round]?.cpu || 1)))]],
        ),
      ),
    };
  });
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      vmlinux: { type: "string" },
      rounds: { type: "string", default: "7" },
      json: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (positionals.length === 0 || !Number.isInteger(rounds) || rounds < 3) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const rows = positionals.map((dump) => {
    const [line = ""] = spawnSync(NODE, [BIN, "scan", "--json", "--census", dump], {
      encoding: "utf8",
    }).stdout.split("\n");
    const about = JSON.parse(line).dump as Record<string, unknown>;
    const processes =
      spawnSync(NODE, [BIN, "scan", "--json", dump], {
        encoding: "utf8",
        maxBuffer: 2 ** 30,
      })
        .stdout.trimEnd()
        .split("\n").length - 1;
    const of = {
      form: about.form,
      compression: about.compression,
      dumpLevel: about.dumpLevel,
      kernel: about.kernel,
      memoryMb: Math.round(Number(about.memory) / 2 ** 20),
      processes,
    };
    console.error(JSON.stringify(of));
    const measured = measure(dump, values.vmlinux, rounds);
    for (const { name, cpuMs, wallMs, memoryMb, ratioTo } of measured)
      console.log(
        `${name}: CPU ${cpuMs.toFixed(0)} ms, wall ${wallMs.toFixed(0)} ms, peak ${memoryMb?.toFixed(0) ?? "?"} MiB; ${Object.entries(
          ratioTo,
        )
          .map(([other, ratio]) => `${ratio.toFixed(2)} ${other}`)
          .join(", ")}`,
      );
    return { of, measured };
  });
  const machine = `${os.cpus()[0]?.model ?? "unknown CPU"}, ${os.cpus().length} cores, Node ${process.versions.node}`;
  if (values.json !== undefined)
    fs.writeFileSync(values.json, `${JSON.stringify({ machine, rounds, rows }, null, 2)}\n`);
}

main();
