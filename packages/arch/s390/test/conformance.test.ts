import { describeArch } from "@ptekit/conformance-kit/vitest";
import { s390 } from "@ptekit/s390";

describeArch(s390, { vectors: new URL("../vectors/", import.meta.url) });
