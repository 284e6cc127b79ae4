import { describeArch } from "@ptekit/conformance-kit/vitest";
import { sh } from "@ptekit/sh";

describeArch(sh, { vectors: new URL("../vectors/", import.meta.url) });
