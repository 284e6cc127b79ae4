// What `npm run live --` accepts, read and refused in sentences; and what it needs installed.
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { machines } from "./machines.mjs";

export const usage = `npm run live -- --arch A --kernel V [options]
Boots a Debian kernel in QEMU, puts pages into every state, and writes their page-table entries beside its pagemap.

--arch A       ${Object.keys(machines).join(", ")}
--kernel V     a version such as 6.1, the newest of which is taken, or a whole release such as 6.1.0-50-amd64
--suite S      the Debian suite that carries it (default: by version; sid for what is no stable release's kernel)
--flavour F    another flavour of that architecture's kernel: armmp-lpae, arm64-16k, cloud-amd64
--cpu C        another CPU of QEMU's: max has la57 on amd64
--out DIR      where the file goes (default: the working directory)
--work DIR     for downloads and unpacked kernels (default: ${path.join("TMPDIR", "ptekit-live")})
--mirror URL   a Debian mirror (default: http://deb.debian.org/debian)
--memory N     the guest's memory in mebibytes (default: 512)
--timeout N    seconds to wait for the guest (default: 300)
`;

const accepted = {
  arch: { type: "string" },
  kernel: { type: "string" },
  suite: { type: "string" },
  flavour: { type: "string" },
  cpu: { type: "string" },
  out: { type: "string" },
  work: { type: "string" },
  mirror: { type: "string" },
  memory: { type: "string" },
  timeout: { type: "string" },
  help: { type: "boolean" },
};

/** A mistake in the command line. Its message is a sentence for the person who typed it. */
export class UsageError extends Error {}

/** The options of one command line, checked. */
export function readOptions(args, tmpdir = os.tmpdir()) {
  const given = parsed(args);
  if (given.help) return { help: true };
  for (const name of ["arch", "kernel"])
    if (given[name] === undefined) throw new UsageError(`--${name} is needed; --help says more`);
  if (!Object.hasOwn(machines, given.arch))
    throw new UsageError(
      `no machine is listed for --arch ${given.arch}; there is ${Object.keys(machines).join(", ")}`,
    );
  if (!/^\d+\.\d+[\w.+~-]*$/.test(given.kernel))
    throw new UsageError(
      `--kernel ${given.kernel}: a version such as 6.1, or a release such as 6.1.0-50-amd64, is needed`,
    );
  return {
    machine: given.arch,
    kernel: given.kernel,
    suite: given.suite,
    flavour: given.flavour ?? machines[given.arch].flavour,
    cpu: given.cpu,
    out: given.out ?? ".",
    work: path.resolve(given.work ?? path.join(tmpdir, "ptekit-live")),
    mirror: given.mirror ?? "http://deb.debian.org/debian",
    megabytes: wholeNumber("memory", given.memory ?? "512", 256, 3072),
    timeoutSeconds: wholeNumber("timeout", given.timeout ?? "300", 1, 86400),
  };
}

/** The commands and files needed, each with the Debian package that brings it. */
export function needs(machine) {
  const { emulator, compiler } = machines[machine];
  const [command, compilerPackage, libc] = compiler;
  const own = command === { x64: "x86_64-linux-gnu-gcc", arm64: "aarch64-linux-gnu-gcc" }[process.arch];
  return [
    { command: emulator[0], package: emulator[1] },
    { command, package: own ? "gcc" : compilerPackage },
    own
      ? { file: "/usr/include/stdio.h", package: "libc6-dev" }
      : { file: `/usr/${command.replace(/-gcc$/, "")}/include/stdio.h`, package: libc },
    { command: "apt-get", package: "apt" },
    { command: "dpkg-deb", package: "dpkg" },
    { command: "xz", package: "xz-utils" },
    { file: "/usr/share/keyrings/debian-archive-keyring.gpg", package: "debian-archive-keyring" },
  ];
}

function parsed(args) {
  try {
    return parseArgs({ args, options: accepted, strict: true }).values;
  } catch (error) {
    throw new UsageError(error.message.split(". ")[0]);
  }
}

function wholeNumber(name, text, least, most) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`--${name} ${text}: a whole number from ${least} to ${most} is needed`);
  return value;
}
