// The page as one file: the same script is the page, and its worker.
import { whole } from "./work/whole.ts";

if (whole === "") void import("./work/main.ts");
else void import("./main.ts");
