import { describeArch } from "@ptekit/conformance-kit/vitest";
import { mips } from "@ptekit/mips";

describeArch(mips, { vectors: new URL("../vectors/", import.meta.url) });
