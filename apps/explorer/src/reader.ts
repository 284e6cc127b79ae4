// What answers, loaded when something is asked.
export { answerOf, refusalOf } from "./answer.ts";
export { configState } from "./config.ts";
export { architectureOf } from "./kernel.ts";
