// Text that becomes HTML: pages that need no script are functions from data to HTML.

/** HTML that may be put into a page as it is. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | readonly (Html | string | number)[];

/** A piece of HTML; what is put into it is escaped, but for other pieces. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.reduce((text, part, i) => text + rendered(values[i - 1] ?? "") + part) };
}

/** Text of ours that is HTML already. */
export const raw = (html: string): Html => ({ html });

const rendered = (value: Value): string => {
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  if ("html" in value) return value.html;
  return value.map(rendered).join("");
};

/** A text as it stands in HTML. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
