import type { Architecture } from "@ptekit/core";
import { answerOf } from "../answer.ts";
import { jsonOf } from "../json.ts";
import { architectureOf } from "../kernel.ts";
import type { State } from "../link.ts";
import type { Done, Said, Tasks } from "./protocol.ts";

/** What each of many words says, in their order. */
export async function* readWords({ words, state }: Tasks["words"]["asks"]): Done<"words"> {
  const arch = state.arch === "" ? null : await architectureOf(state);
  for (const word of words) yield saidOf(arch, { ...state, word });
  return null;
}

function saidOf(arch: Architecture | null, state: State): Said {
  const answer = answerOf(arch, state);
  const { word } = state;
  if (answer.what === "nothing") return { word, sentence: "", kind: "nothing", json: null };
  if (answer.what === "refused") return { word, sentence: answer.sentence, kind: "refused", json: null };
  const kind =
    answer.what === "word" ? answer.said.kind : answer.what === "pagemap" ? "pagemap word" : "swp_entry_t";
  return { word, sentence: answer.sentence, kind, json: JSON.stringify(jsonOf(answer)) };
}
