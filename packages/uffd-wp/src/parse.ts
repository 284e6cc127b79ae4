import { PtekitError } from "@ptekit/core";
import { EVENT_NAMES, EVENTS, type EventData, type EventName, type EventText } from "./events.ts";

/** An event, and what it is about. */
export interface Event {
  readonly name: EventName;
  /** The page frame that is mapped. */
  readonly pfn?: bigint;
  /** The swap slot that is taken. */
  readonly slot?: { readonly type: number; readonly offset: bigint };
}

/**
 * An event from its text, or as it is given, checked.
 *
 * @throws PtekitError `BAD_ARGUMENT`.
 */
export function eventOf(what: EventText | Event): Event {
  if (typeof what === "string") return parseEvent(what);
  if (typeof what === "object" && what !== null && isEvent(what.name)) return what;
  throw new PtekitError(
    "BAD_ARGUMENT",
    `an event is a text such as "write" or "write=0x9682", or an object { name }, not ${what === null ? "null" : typeof what}`,
  );
}

/**
 * An event from its text: `write`, `write=0x9682` (a page frame), `reclaim=0:0x1a0` (swap type and offset).
 *
 * @throws PtekitError `BAD_ARGUMENT` naming what would be understood.
 */
export function parseEvent(text: string): Event {
  const [name = "", value] = String(text).split("=", 2);
  if (!isEvent(name)) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${JSON.stringify(name)} is no event; events: ${EVENT_NAMES.join(" ")}`,
    );
  }
  if (value === undefined) return { name };
  const { takes }: EventData = EVENTS[name];
  if (takes === "pfn" && isNumber(value)) return { name, pfn: BigInt(value) };
  const [type = "", offset = ""] = value.split(":", 2);
  if (takes === "slot" && isNumber(type) && isNumber(offset)) {
    return { name, slot: { type: Number(type), offset: BigInt(offset) } };
  }
  const forms = {
    pfn: `${name}=0x9682 (a page frame number)`,
    slot: `${name}=0:0x1a0 (swap type and offset)`,
  };
  throw new PtekitError(
    "BAD_ARGUMENT",
    `${JSON.stringify(text)}: ${takes === undefined ? `${name} takes no value` : `write ${forms[takes]}`}`,
  );
}

const isEvent = (name: string): name is EventName => Object.hasOwn(EVENTS, name);

const isNumber = (text: string): boolean => /^(0x[0-9a-f]+|\d+)$/i.test(text);
