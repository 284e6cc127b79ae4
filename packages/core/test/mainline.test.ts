import { expect, it } from "vitest";
import { mainlineReleases, NEWEST_RELEASE, parseRelease } from "../src/index.ts";

it("mainline releases go from 2.6.29 to the newest, and each is one", () => {
  const releases = mainlineReleases();
  expect([releases[0], releases.at(-1)]).toEqual(["2.6.29", NEWEST_RELEASE]);
  for (const ends of ["2.6.39", "3.19", "4.20", "5.19", "6.19"]) {
    const [major = ""] = ends.split(".");
    const next = major === "2" ? "3.0" : `${Number(major) + 1}.0`;
    expect(releases[releases.indexOf(ends) + 1]).toBe(next);
  }
  for (const release of releases) expect(parseRelease(release).newer).toBe(false);
});
