import { describeArch } from "@ptekit/conformance-kit/vitest";
import { riscv } from "@ptekit/riscv";

describeArch(riscv, { vectors: new URL("../vectors/", import.meta.url) });
