import { describeArch } from "@ptekit/conformance-kit/vitest";
import { parisc } from "@ptekit/parisc";

describeArch(parisc, { vectors: new URL("../vectors/", import.meta.url) });
