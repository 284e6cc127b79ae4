// What C, assembler and Kconfig sources define, by name: text to be compared, not C to be understood.

/** The definitions of a file, by name; one that is made several times, under #ifdef, has all of its texts. */
export type Definitions = ReadonlyMap<string, readonly string[]>;

/** What a file defines: macros, functions, variables, types and enumerators, and the symbols of a Kconfig. */
export function definitionsIn(file: string, text: string): Definitions {
  const found = new Map<string, string[]>();
  const add = (name: string, body: string): void => {
    found.set(name, [...(found.get(name) ?? []), body.trim()]);
  };
  if (/(?:^|\/)Kconfig/.test(file)) {
    for (const [, name = "", body = ""] of text.matchAll(KCONFIG))
      add(`CONFIG_${name}`, body.replace(HELP, ""));
    return found;
  }
  // Comments are compared by themselves; here they would hide what is a definition and what is prose.
  const code = withoutComments(text);
  const joined = code.replace(/\\\r?\n/g, " ");
  for (const [line, name = ""] of joined.matchAll(MACRO)) add(name, line);
  const rest = joined.replace(/^[ \t]*#.*$/gm, "");
  for (const { name, body } of topLevel(rest)) add(name, body);
  return found;
}

const KCONFIG = /^(?:menu)?config (\w+)\n((?:[ \t]+.*\n|\n)*)/gm;
/** What a Kconfig says to people, to the end of the symbol. */
const HELP = /^[ \t]+(?:---help---|help)\n[\s\S]*/m;
const MACRO = /^[ \t]*#[ \t]*define[ \t]+(\w+).*$/gm;

/** The text without its comments, its lines as they were. */
export const withoutComments = (text: string): string =>
  text.replace(/"(?:\\.|[^"\\\n])*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\n]+/g, " "),
  );

interface Defined {
  readonly name: string;
  readonly body: string;
}

/** Functions, variables, types and enumerators: what ends at depth 0 with a semicolon or a brace. */
function* topLevel(text: string): Generator<Defined> {
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{") depth++;
    else if (char === "}") depth = Math.max(0, depth - 1);
    if (depth > 0 || (char !== ";" && char !== "}")) continue;
    // What closes a type or an array goes on to its name and the semicolon.
    if (char === "}" && /^\s*(?:\w+\s*)?(?:__\w+(?:\([^)]*\))?\s*)*[;,]/.test(text.slice(at + 1, at + 200)))
      continue;
    yield* namesOf(text.slice(start, at + 1).trim());
    start = at + 1;
  }
}

const FUNCTION = /^[^={}]*?\b(\w+)\s*\((?:[^(){}]|\([^()]*\))*\)[^={};]*\{/;
const TYPE = /^(?:typedef\s+)?(?:struct|union|enum)\s+(\w+)?[^;({]*\{/;
const VARIABLE = /\b(\w+)(?:\s*\[[^\]]*\])*(?:\s+__\w+)*\s*=/;

function* namesOf(body: string): Generator<Defined> {
  const type = TYPE.exec(body);
  if (type) {
    if (type[1]) yield { name: type[1], body };
    const alias = /\}\s*(\w+)\s*;$/.exec(body)?.[1];
    // What stands there and begins so is an attribute: __randomize_layout.
    if (alias && !alias.startsWith("__")) yield { name: alias, body };
    if (/^(?:typedef\s+)?enum\b/.test(body))
      for (const [, name = ""] of body.slice(body.indexOf("{")).matchAll(/[{,]\s*(\w+)/g))
        yield { name, body };
    return;
  }
  const name =
    FUNCTION.exec(body)?.[1] ?? VARIABLE.exec(body)?.[1] ?? /^typedef\b[\s\S]*?\b(\w+)\s*;$/.exec(body)?.[1];
  if (name !== undefined) yield { name, body };
}

/** A text as it is compared: white space is of no account. */
export const normal = (text: string): string => text.replace(/\s+/g, " ").trim();

/** The names that a text uses. */
export const namesUsed = (text: string): readonly string[] => [
  ...new Set(text.match(/\b[A-Za-z_]\w{2,}\b/g) ?? []),
];
