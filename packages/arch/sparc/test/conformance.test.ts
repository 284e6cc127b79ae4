import { describeArch } from "@ptekit/conformance-kit/vitest";
import { sparc } from "@ptekit/sparc";

describeArch(sparc, { vectors: new URL("../vectors/", import.meta.url) });
