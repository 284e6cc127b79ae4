import { loadAll } from "@ptekit/all";
import type { ArchBackend } from "@ptekit/core";
import { spareJson, targetOfLayout } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, render } from "lit-html";
import { fragmentOf, START } from "../link.ts";
import { jsonView } from "./json.ts";

/** Draws the free bits of every layout of every architecture into a place. */
export async function drawSpareOfAll(place: HTMLElement): Promise<void> {
  const backends = (await loadAll()).flatMap((arch) =>
    arch.layouts.map((layout) => arch.for(targetOfLayout(arch, layout, "on"))),
  );
  render(tableView(backends), place);
}

function tableView(backends: readonly ArchBackend[]): TemplateResult {
  const lines = backends.map((backend) => {
    const { arch, layout } = backend;
    return { arch, layout: layout.id, since: layout.since, ...spareJson(backend) };
  });
  return html`<table>
      <caption>Free bits of the swap PTE</caption>
      <thead><tr><th scope="col">layout</th><th scope="col">since</th><th scope="col">free bits</th></tr></thead>
      <tbody>
        ${lines.map(({ arch, layout, since, free }) => html`<tr><th scope="row"><a href=${fragmentOf({ ...START, arch, release: since })}>${layout}</a></th><td>${since}</td><td>${free.length === 0 ? "none" : free.join(", ")}</td></tr>`)}
      </tbody>
    </table>
    ${jsonView(...lines)}`;
}
