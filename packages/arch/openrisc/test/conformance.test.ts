import { describeArch } from "@ptekit/conformance-kit/vitest";
import { openrisc } from "@ptekit/openrisc";

describeArch(openrisc, { vectors: new URL("../vectors/", import.meta.url) });
