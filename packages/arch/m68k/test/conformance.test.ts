import { describeArch } from "@ptekit/conformance-kit/vitest";
import { m68k } from "@ptekit/m68k";

describeArch(m68k, { vectors: new URL("../vectors/", import.meta.url) });
