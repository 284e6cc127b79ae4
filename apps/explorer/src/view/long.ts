// What is drawn of a long answer, loaded when a log or many words stand in the box.
export { fileView } from "./file.ts";
export { logView } from "./log.ts";
export { wordsView } from "./words.ts";
