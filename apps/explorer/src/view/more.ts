import { html } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";

/** Which are open: what is drawn anew for another kernel stays so. */
const opened = new Set<string>();

/** A part of the page that is worked out, and whose script is loaded, when it is opened; anew where it is of something else. */
export const moreView = (
  id: string,
  summary: string,
  of: unknown,
  draw: (place: HTMLElement) => void | Promise<void>,
): unknown =>
  keyed(
    of,
    html`<details class=${id} ?open=${opened.has(id)} @toggle=${({ currentTarget }: Event) => {
      const details = currentTarget as HTMLDetailsElement;
      const place = details.querySelector<HTMLElement>(":scope > div");
      if (!details.open) opened.delete(id);
      else opened.add(id);
      if (details.open && place !== null && place.childElementCount === 0) void draw(place);
    }}>
      <summary>${summary}</summary>
      <div class="scroll"></div>
    </details>`,
  );
