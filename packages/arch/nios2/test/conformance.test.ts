import { describeArch } from "@ptekit/conformance-kit/vitest";
import { nios2 } from "@ptekit/nios2";

describeArch(nios2, { vectors: new URL("../vectors/", import.meta.url) });
