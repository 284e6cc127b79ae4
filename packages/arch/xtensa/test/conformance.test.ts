import { describeArch } from "@ptekit/conformance-kit/vitest";
import { xtensa } from "@ptekit/xtensa";

describeArch(xtensa, { vectors: new URL("../vectors/", import.meta.url) });
