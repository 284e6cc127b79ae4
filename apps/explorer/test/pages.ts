// Every page of the site, by a link on which it has something to show: what holds for one holds for all.
import { names } from "@ptekit/all";

export interface SitePage {
  readonly name: string;
  readonly link: string;
  /** A text of it: it is there. */
  readonly shows: string | RegExp;
}

export const pages: readonly SitePage[] = [
  { name: "front", link: "", shows: "Paste a word" },
  { name: "marker", link: "#/v1/x86_64/6.12/0xfffffffffffffc00", shows: "marker: type 31, uffd-wp" },
  { name: "present", link: "#/v1/x86_64/6.12/0x8000000104a2e067", shows: "present, pfn 0x104a2e" },
  { name: "refused", link: "#/v1/arm/6.12/0x123456789", shows: "needs 33 bits" },
  {
    name: "log",
    link: "#/v1/-/latest?log=BUG%3A%20Bad%20page%20map%20in%20process%20java%20%20pte%3A400000000000000%20pmd%3A104a2b067%0ACPU%3A%203%20PID%3A%204242%20Comm%3A%20java%20Not%20tainted%206.1.0-50-amd64%20%2345%0ARIP%3A%200010%3Azap_pte_range%2B0x1",
    shows: "bit 58",
  },
  { name: "arch", link: "arch/hexagon/", shows: "hexagon" },
  { name: "matrix", link: "matrix/#/v1/matrix/6.12?compare=arm64,mips", shows: "written, never selected" },
  { name: "diff", link: "diff/#/v1/diff/arm64@6.9/arm64@6.10", shows: "8 things moved" },
  { name: "history", link: "diff/hexagon/", shows: "what moved, release by release" },
  {
    name: "life",
    link: "life/#/v1/life/arm64/7.2/register,write-protect,guard-install?feature=wp-unpopulated&by=compare&step=0",
    shows: "Before anything happens",
  },
  {
    name: "walk",
    link: "walk/#/v1/walk/x86_64/6.12/0xffff88801bf21000?root=0x1a04000&pgd=0x1a05067&pud=0x1a09063&pmd=0x37270063&pte=0x800000001bf21161",
    shows: "Physical address 0x1bf21000",
  },
  { name: "what-if", link: "what-if/#/v1/what-if/arm@6.12?bit=8", shows: "taken from the offset" },
  { name: "documents", link: "docs/", shows: "All documents" },
  { name: "document", link: "docs/the-argument/", shows: "One bit, or a swap type" },
  { name: "questions", link: "docs/questions/", shows: "What people ask" },
  { name: "search", link: "docs/#/v1/docs?q=pagemap", shows: /\d+ found\./ },
  { name: "about", link: "about/", shows: "What is proven, and how" },
  { name: "embed", link: "embed/#/v1/arm64/6.12/0x17c0", shows: "marker: type 31, uffd-wp" },
];

/** The pages of the architectures: in CI all of them; one of each kind otherwise. */
export const archPages: readonly SitePage[] = (
  process.env.PTEKIT_WHOLE === "1" ? names : (["x86_64", "arm", "powerpc"] as const)
).map((name) => ({ name: `arch of ${name}`, link: `arch/${name}/`, shows: "Layouts, the newest first" }));
