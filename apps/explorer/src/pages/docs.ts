// The search over the documents: its index is loaded at the first word.
import type MiniSearch from "minisearch";
import type { Grammar } from "../link.ts";
import { any, encode, unreadOf, valuesIn, withOptions } from "../link.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly words: string;
}

/** The links of a search. */
const DOCS: Grammar = { form: "#/v1/docs?q=WORDS", path: /^#\/v1\/docs$/, options: { q: any } };

let loading: Promise<MiniSearch<Section>> | null = null;

/** The index, made of the sections when it is first asked for. */
function index(root: string): Promise<MiniSearch<Section>> {
  loading ??= Promise.all([
    import("minisearch"),
    fetch(`${root}docs/search.json`).then((file) => file.json()),
  ]).then(([{ default: Search }, sections]) => {
    const made = new Search<Section>({
      fields: ["heading", "title", "words"],
      storeFields: ["title", "heading"],
      searchOptions: { boost: { heading: 4, title: 2 }, prefix: true, combineWith: "AND" },
      tokenize: (text) => text.toLowerCase().split(/[^\w-]+/),
    });
    made.addAll(sections as Section[]);
    return made;
  });
  return loading;
}

/** Makes the page answer. */
export function open(main: HTMLElement): void {
  const root = main.dataset.root ?? "./";
  const query = document.getElementById("query") as HTMLInputElement;
  const found = document.getElementById("found") as HTMLElement;
  const show = async (): Promise<void> => {
    const asked = query.value.trim();
    if (asked === "") return found.replaceChildren();
    try {
      const results = (await index(root)).search(asked);
      if (query.value.trim() === asked) found.replaceChildren(...resultsOf(results, root));
    } catch {
      loading = null;
      found.textContent = "The index could not be loaded: try again when there is a network.";
    }
  };
  const follow = (): void => {
    const [, options] = /^#\/v1\/docs\?(.*)$/s.exec(location.hash) ?? [];
    if (options === undefined) {
      if (location.hash.startsWith("#/")) found.textContent = unreadOf(location.hash, DOCS);
      return;
    }
    query.value = valuesIn(options, "q").at(-1) ?? "";
    void show();
  };
  query.addEventListener("input", () => {
    history.replaceState(null, "", withOptions("#/v1/docs", [`q=${encode(query.value)}`]));
    void show();
  });
  document.getElementById("search")?.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  follow();
}

const MOST = 20;

function resultsOf(
  results: readonly { readonly id: string; readonly [key: string]: unknown }[],
  root: string,
): Node[] {
  const count = document.createElement("p");
  count.textContent = results.length === 0 ? "Nothing found." : `${results.length} found.`;
  const list = document.createElement("ol");
  for (const { id, title, heading } of results.slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = root + id;
    link.textContent = heading === title ? String(title) : `${title}: ${heading}`;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  return results.length === 0 ? [count] : [count, list];
}
