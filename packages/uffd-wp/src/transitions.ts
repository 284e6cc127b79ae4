import type { Transition } from "./transition.js";
import { fault } from "./transitions/fault.js";
import { fill, moves } from "./transitions/fill.js";
import { forking } from "./transitions/fork.js";
import { guard, scanning } from "./transitions/guard.js";
import { protect } from "./transitions/protect.js";
import { reclaim } from "./transitions/reclaim.js";
import { register } from "./transitions/register.js";
import { remap } from "./transitions/remap.js";
import { zapping } from "./transitions/zap.js";

/** Every row, in the order in which they are tried: of the rows for an event, the first that fits is taken. */
export const transitions: readonly Transition[] = [
  ...register,
  ...protect,
  ...fault,
  ...reclaim,
  ...zapping,
  ...forking,
  ...remap,
  ...fill,
  ...moves,
  ...guard,
  ...scanning,
];
