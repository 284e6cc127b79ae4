/** A message taken out of what a log collector put around it. */
export interface Contained {
  readonly text: string;
  readonly host: string | null;
  readonly boot: string | null;
}

/** Where log collectors keep the message: the journal, Docker, Kubernetes, cloud providers. */
const MESSAGE_KEYS = ["MESSAGE", "log", "message", "msg", "textPayload", "@message", "text", "line", "_line"];
const HOST_KEYS = ["_HOSTNAME", "hostname", "host", "nodename", "node"];

/** The messages of a line of JSON, a line of the journal's export, or a pretty-printed member; null for other lines. */
export function contained(line: string): Contained | null {
  const front = line.trimStart();
  if (front.startsWith("{")) return fromJson(front.trimEnd().replace(/,$/, ""));
  if (front.startsWith('"')) return fromMember(front.trimEnd());
  if (front.startsWith("MESSAGE=")) return { text: front.slice("MESSAGE=".length), host: null, boot: null };
  return null;
}

function fromJson(text: string): Contained | null {
  if (!text.endsWith("}")) return null;
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof object !== "object" || object === null) return null;
  const of = (keys: readonly string[]): unknown => {
    const key = keys.find((name) => Object.hasOwn(object, name));
    return key === undefined ? undefined : (object as Record<string, unknown>)[key];
  };
  const message = messageOf(of(MESSAGE_KEYS));
  if (message === null) return null;
  const host = of(HOST_KEYS);
  const boot = of(["_BOOT_ID"]);
  return {
    text: message,
    host: typeof host === "string" ? host : null,
    boot: typeof boot === "string" ? boot : null,
  };
}

/** The journal gives a message that is no UTF-8 as the list of its bytes. */
function messageOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || !value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)) {
    return null;
  }
  return new TextDecoder().decode(Uint8Array.from(value as number[]));
}

/** `"MESSAGE" : "…",` on a line of its own. */
function fromMember(line: string): Contained | null {
  const member = /^"([@\w]{1,20})"\s?:\s?(".*"),?$/.exec(line);
  if (!member || !MESSAGE_KEYS.includes(member[1] ?? "")) return null;
  try {
    return { text: String(JSON.parse(member[2] ?? "")), host: null, boot: null };
  } catch {
    return null;
  }
}

const ENTITY = /&(?:lt|gt|amp|quot|apos|nbsp|#x?[0-9a-f]{1,6});/gi;
const NAMED: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: " ",
};
const TAG =
  /<\/?(?:br|p|pre|div|span|code|td|tr|th|table|tbody|a|b|i|em|strong|tt|font|li|ul|ol|blockquote|html|body|head|h\d|hr|img)(?:\s[^<>]{0,300})?\/?>/gi;

/** Text out of a page: its breaks are line ends, its other tags are nothing, its entities are characters. */
export function withoutHtml(line: string): string {
  const tagged = line.includes("<")
    ? line.replace(TAG, (tag) => (/^<(?:br|\/?p|\/?div|\/?li|\/?tr)\b/i.test(tag) ? "\n" : ""))
    : line;
  return tagged.includes("&") ? tagged.replace(ENTITY, entity) : tagged;
}

function entity(text: string): string {
  const name = text.slice(1, -1).toLowerCase();
  if (!name.startsWith("#")) return NAMED[name] ?? text;
  const code = name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : " ";
}

/** Whether a line ends in a quoted-printable soft break: it is full, and goes on behind the `=`. */
export const softBreak = (line: string): boolean =>
  line.length > 60 && /[^=\s]?=$/.test(line) && !line.endsWith("==");

/** The characters that quoted-printable wrote as `=3D`; only what no log has otherwise. */
export function unquoted(line: string): string {
  return line.includes("=")
    ? line.replace(/=(?:3D|20(?=\s*$)|09|C2=A0|E2=80=(?:98|99|9C|9D))/g, meant)
    : line;
}

function meant(code: string): string {
  if (code === "=3D") return "=";
  return /^=(?:20|09|C2=A0)$/.test(code) ? " " : "'";
}
