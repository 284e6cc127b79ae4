import { atLeast, parseRelease } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { refusal, untyped } from "./fixture.ts";

// text → numbers, vendor, between. The forms of real `uname -r` answers.
const forms: [text: string, numbers: number[], vendor: string | null, between: boolean][] = [
  ["6.12", [6, 12], null, false],
  ["v6.12", [6, 12], null, false],
  [" 6.12\n", [6, 12], null, false],
  ["6.1.192", [6, 1, 192], null, false],
  ["6.1.0-50-amd64", [6, 1, 0], "debian 50", false],
  ["7.2.13+deb14-amd64", [7, 2, 13], null, false],
  ["7.2.13+deb14-arm64-16k", [7, 2, 13], null, false],
  ["5.14.0-427.el9.x86_64", [5, 14, 0], "el9 427", false],
  ["5.14.0-427.13.1.el9_4.x86_64", [5, 14, 0], "el9 427.13.1", false],
  ["4.18.0-553.el8_10.x86_64", [4, 18, 0], "el8 553", false],
  ["4.12.14-5.5-default", [4, 12, 14], "suse 5.5", false],
  ["4.12.14-122.37-default", [4, 12, 14], "suse 122.37", false],
  ["4.12.14-122-default", [4, 12, 14], "suse 122", false],
  ["6.12.0-55.9.1.el10_0.x86_64", [6, 12, 0], "el10 55.9.1", false],
  // A vendor's build stands right after the version, and SUSE's string ends with its flavour.
  ["5.14.0+x-427.el9.x86_64", [5, 14, 0], null, false],
  ["4.12.14+x-5.5-default", [4, 12, 14], null, false],
  ["4.12.14-5.5-default-x", [4, 12, 14], null, false],
  ["2.6.32.71", [2, 6, 32, 71], null, false],
  ["2.6.32.5", [2, 6, 32, 5], null, false],
  ["2.6.32-5-amd64", [2, 6, 32], "debian 5", false],
  ["6.0.0-rc1-v8", [6, 0, 0], null, false],
  ["6.10.0-rc2+", [6, 10, 0], null, false],
  ["6.12-rc1", [6, 12], null, false],
  ["4.1.8-v7+", [4, 1, 8], null, false],
  ["5.18.0-rc1-next-20220411", [5, 18, 0], null, true],
  ["6.17.0-rc4-mm1", [6, 17, 0], null, true],
  ["6.17.0-mm-new", [6, 17, 0], null, true],
  ["5.6.0-11490-gf45ec5ff16a75", [5, 6, 0], null, true],
  ["5.6.0-10033-generic", [5, 6, 0], "ubuntu 10033", false],
  // Red Hat's builds, its rebuilds, and those who build from its sources.
  ["2.6.32-754.35.1.el6.x86_64", [2, 6, 32], "el6 754.35.1", false],
  ["3.10.0-1160.119.1.el7.x86_64", [3, 10, 0], "el7 1160.119.1", false],
  ["3.10.0-1160.rt56.1131.el7.x86_64", [3, 10, 0], "el7 1160", false],
  ["3.10.0-962.3.2.lve1.5.26.7.el7.x86_64", [3, 10, 0], "el7 962.3.2", false],
  ["3.10.0-1160.90.1.vz7.200.7", [3, 10, 0], "el7 1160.90.1", false],
  ["3.10.0-862.14.1.5.h442.eulerosv2r7.x86_64", [3, 10, 0], "el7 862.14.1.5", false],
  ["3.10.0-1160.el7.centos.plus.x86_64", [3, 10, 0], "el7 1160", false],
  ["4.14.0-115.el7a.0.1.aarch64", [4, 14, 0], "el7a 115", false],
  ["4.18.0-553.5.1.lve.el8.x86_64", [4, 18, 0], "el8 553.5.1", false],
  ["4.18.0-553.rt7.342.el8_10.x86_64", [4, 18, 0], "el8 553", false],
  ["4.18.0-553.5.1.an8.x86_64", [4, 18, 0], "el8 553.5.1", false],
  ["5.14.0-427.22.1.vz9.70.5", [5, 14, 0], "el9 427.22.1", false],
  ["5.14.0-503.40.1.el9_5.x86_64+rt", [5, 14, 0], "el9 503.40.1", false],
  ["6.9.7-1.el9.elrepo.x86_64", [6, 9, 7], "el9 1", false],
  // Oracle's own kernel.
  ["4.14.35-1902.303.5.3.el7uek.x86_64", [4, 14, 35], "uek 1902.303.5.3", false],
  ["4.1.12-124.48.2.el6uek.x86_64", [4, 1, 12], "uek 124.48.2", false],
  ["5.15.0-200.131.27.el8uek.x86_64", [5, 15, 0], "uek 200.131.27", false],
  // SUSE's, with every flavour.
  ["4.12.14-8.85-azure", [4, 12, 14], "suse 8.85", false],
  ["4.12.14-lp151.28.91-default", [4, 12, 14], "leap 151.28.91", false],
  ["5.3.18-8.3-rt", [5, 3, 18], "suse 8.3", false],
  ["5.3.18-150300.59.188-preempt", [5, 3, 18], "suse 150300.59.188", false],
  ["3.0.101-108.7-pae", [3, 0, 101], "suse 108.7", false],
  // Debian's: the third number is 0 until trixie, the point release stands nowhere.
  ["4.9.0-19-amd64", [4, 9, 0], "debian 19", false],
  ["4.19.0-0.bpo.19-amd64", [4, 19, 0], "debian 19", false],
  ["5.10.0-0.deb10.30-cloud-amd64", [5, 10, 0], "debian 30", false],
  ["4.9.0-11-686-pae", [4, 9, 0], "debian 11", false],
  ["6.1.0-21-rt-arm64", [6, 1, 0], "debian 21", false],
  ["6.6.9-amd64", [6, 6, 9], null, false],
  // Ubuntu's: so too, and a build of a mainline release is that release.
  ["4.15.0-213-generic", [4, 15, 0], "ubuntu 213", false],
  ["5.4.0-1103-azure", [5, 4, 0], "ubuntu 1103", false],
  ["4.4.0-210-lowlatency", [4, 4, 0], "ubuntu 210", false],
  ["6.8.0-31-generic-64k", [6, 8, 0], "ubuntu 31", false],
  ["5.4.0-050400-generic", [5, 4, 0], null, false],
  ["6.8.1-060801-generic", [6, 8, 1], null, false],
  // Whose third number is the point release.
  ["4.14.355-275.570.amzn2.x86_64", [4, 14, 355], "amazon 275.570", false],
  ["6.1.112-122.189.amzn2023.x86_64", [6, 1, 112], "amazon 122.189", false],
  ["5.15.153.1-microsoft-standard-WSL2", [5, 15, 153, 1], null, false],
  ["5.10.198-android12-9-00019-g4ea09a298bb4", [5, 10, 198], null, true],
  ["4.19.90-2003.4.0.0036.oe1.x86_64", [4, 19, 90], "openeuler 2003.4.0.36", false],
  ["5.10.0-136.12.0.86.oe2203sp1.aarch64", [5, 10, 0], "openeuler 136.12.0.86", false],
  ["5.10.134-18.al8.x86_64", [5, 10, 134], null, false],
  ["5.4.119-19.0009.44.tl3", [5, 4, 119], null, false],
  ["4.15.18-30-pve", [4, 15, 18], null, false],
  ["6.8.12-4-pve", [6, 8, 12], null, false],
  ["6.6.31+rpt-rpi-v8", [6, 6, 31], null, false],
  ["6.9.7-arch1-1", [6, 9, 7], null, false],
  ["6.9.7-200.fc40.x86_64", [6, 9, 7], "fedora 200", false],
  ["4.4.180+", [4, 4, 180], null, false],
  ["2.6.32-042stab145.3", [2, 6, 32], "openvz 145.3", false],
  // Red Hat's sources under names of their own, and under none.
  ["3.10.0-862.14.0.1.h105.eulerosv2r5.x86_64", [3, 10, 0], "el7 862.14.0.1", false],
  ["4.18.0-147.5.1.6.h579.eulerosv2r9.x86_64", [4, 18, 0], "el8 147.5.1.6", false],
  ["3.10.0-514.44.5.10.h254.x86_64", [3, 10, 0], "el7 514.44.5.10", false],
  ["3.10.0-862.14.1.6_42.x86_64", [3, 10, 0], "el7 862.14.1.6", false],
  ["3.10.0-862.9.1.ns7_4.48.mips64el", [3, 10, 0], "el7 862.9.1", false],
  ["4.18.0-147.5.1.es8_24.x86_64", [4, 18, 0], "el8 147.5.1", false],
  ["4.18.0-348.20.1.x86_64+debug", [4, 18, 0], "el8 348.20.1", false],
  ["5.14.0-427.13.1.x86_64", [5, 14, 0], "el9 427.13.1", false],
  // CloudLinux 6 counts 200 above Red Hat's number; under an earlier number nobody's is Red Hat's.
  ["2.6.32-954.3.5.lve1.4.79.el6.x86_64", [2, 6, 32], "el6 754.3.5", false],
  ["3.10.0-962.3.2.lve1.5.80.el7.x86_64", [3, 10, 0], "el7 962.3.2", false],
  ["3.10.0-1.x86_64", [3, 10, 0], null, false],
  ["4.18.0-599.native.x86_64", [4, 18, 0], null, false],
  ["5.10.134-13.an8.x86_64", [5, 10, 134], null, false],
  // A dot goes on with a name.
  ["6.10.3.arch1-1", [6, 10, 3], null, false],
  ["5.10.135.bsk.6-amd64", [5, 10, 135], null, false],
  ["4.14.81.bm.15-amd64", [4, 14, 81], null, false],
  ["next-20261120", [7, 3], null, false],
  ["10.2", [10, 2], null, false],
];

describe("release", () => {
  for (const [text, numbers, vendor, between] of forms) {
    it(`${JSON.stringify(text)} is ${numbers.join(".")}`, () => {
      const release = parseRelease(text);
      expect(release.numbers).toEqual(numbers);
      expect(release.vendor && `${release.vendor.name} ${release.vendor.build.join(".")}`).toBe(vendor);
      expect(release.between).toBe(between);
    });
  }

  for (const text of [
    "",
    "6",
    "six",
    "latest",
    "6.",
    "6.12.",
    "6..1",
    "6.1.2.3.4",
    "-6.1",
    "6.12garbage",
    "6.12garbage-1",
    "6.12 x",
  ]) {
    it(`${JSON.stringify(text)} is refused by name`, () => {
      expect(refusal(() => parseRelease(text))).toMatch(
        `UNKNOWN_RELEASE: ${JSON.stringify(text)} is not a kernel release`,
      );
    });
  }

  it("WSL 1 is no Linux kernel", () => {
    expect(refusal(() => parseRelease("4.4.0-19041-Microsoft"))).toMatch(/no Linux kernel runs there/);
  });

  it("a string as long as none is nobody's", () => {
    expect(parseRelease(`4.18.0-1${".1".repeat(5000)}.el8`).vendor).toBeNull();
  });

  it("a number, null and an object are refused by name", () => {
    expect(parseRelease(" 6.12\n").text).toBe("6.12");
    expect(refusal(() => parseRelease(untyped(6n)))).toMatch(/^UNKNOWN_RELEASE: 6 is not a kernel release/);
    for (const value of [6.12, null, undefined, {}]) {
      expect(refusal(() => parseRelease(untyped(value)))).toMatch(/^UNKNOWN_RELEASE: /);
    }
  });

  it("releases that never were are refused: each series has its last", () => {
    for (const [text, last] of [
      ["2.6.40", "2.6.39"],
      ["2.7", "2.6.39"],
      ["3.20", "3.19"],
      ["4.21", "4.20"],
      ["5.20.1-amd64", "5.19"],
      ["6.120", "6.19"],
    ] as const) {
      expect(refusal(() => parseRelease(text))).toBe(
        `UNKNOWN_RELEASE: there is no ${JSON.stringify(text)}: that series ends with ${last}`,
      );
    }
    for (const text of ["2.6.39.4", "3.19.8", "4.20.17", "5.19.17", "6.19.1", "7.0"]) parseRelease(text);
  });

  it("numbers are compared as numbers, not as text", () => {
    expect(atLeast(parseRelease("6.12"), "6.3")).toBe(true);
    expect(atLeast(parseRelease("6.3"), "6.12")).toBe(false);
    expect(atLeast(parseRelease("6.3.0-1-armmp"), "6.3")).toBe(true);
    expect(atLeast(parseRelease("6.3-rc1"), "6.3")).toBe(true);
    expect(atLeast(parseRelease("6.2.16"), "6.3")).toBe(false);
    expect(atLeast(parseRelease("2.6.32.5"), "2.6.29")).toBe(true);
    expect(atLeast(parseRelease("2.6.32.5"), "4.0")).toBe(false);
    expect(atLeast(parseRelease("7.0"), "6.19")).toBe(true);
  });
});
