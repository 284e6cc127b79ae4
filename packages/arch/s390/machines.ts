import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  s390: {
    debian: ["s390x", "s390x"],
    emulator: ["qemu-system-s390x", "qemu-system-misc"],
    args: ["-machine", "s390-ccw-virtio,memory-backend=ram"],
    cpu: "max",
    console: "ttysclp0",
    seconds: 6,
    ranges: from(0n),
    compiler: ["s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu", "libc6-dev-s390x-cross"],
  },
};
