import { describeArch } from "@ptekit/conformance-kit/vitest";
import { um } from "@ptekit/um";

describeArch(um, { vectors: new URL("../vectors/", import.meta.url) });
