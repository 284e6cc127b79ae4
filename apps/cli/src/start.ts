import { verdict } from "./errors.js";
import { ClosedPipe, openOutput } from "./output.js";

/** Runs one command line; what comes back is the exit status. Nothing it throws reaches the user as a stack. */
export async function start(args: readonly string[]): Promise<number> {
  try {
    const out = await openOutput();
    try {
      const { dispatch } = await import("./dispatch.js");
      const status = await dispatch(args, out);
      out.flush();
      return status;
    } catch (error) {
      if (error instanceof ClosedPipe) throw error;
      const { status, sentence } = verdict(error);
      out.warn(`ptekit: ${sentence}`);
      return status;
    }
  } catch (error) {
    // Nobody reads the answer any more, as under `| head`.
    if (error instanceof ClosedPipe) return 0;
    return verdict(error).status;
  }
}
