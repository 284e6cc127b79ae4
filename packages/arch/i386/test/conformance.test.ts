import { describeArch } from "@ptekit/conformance-kit/vitest";
import { i386 } from "@ptekit/i386";

describeArch(i386, { vectors: new URL("../vectors/", import.meta.url) });
