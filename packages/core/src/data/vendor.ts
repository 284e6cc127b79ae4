import { lazily } from "../util/lazily.ts";

/** What a vendor's release string says beside the version. */
export interface Vendor {
  /** `el9`, `suse`, `leap`, `ubuntu`, `debian`, `uek`, `amazon`, `fedora`, `openvz`, `openeuler` */
  readonly name: string;
  /** The vendor's own number, in parts: `[427, 13, 1]`; empty where the string has none. */
  readonly build: readonly number[];
  /** Set where the string does not say so itself: what it is taken to be, and why. */
  readonly inferred?: string;
}

/** How one vendor writes its kernels: what follows the version. The first form that fits decides. */
interface Form {
  /** `pattern` captures `build`, and `name` where the string says it. */
  readonly pattern: RegExp;
  readonly name?: string;
  /** A release string of that vendor, for the version and build `4.15.0-32`. */
  readonly example: (release: string, name: string) => string;
}

/** UTS_RELEASE has 64 characters at most. */
const LONGEST = 64;

const BUILD = String.raw`(?<build>\d+(?:\.\d+)*)`;

const DEBIAN =
  "amd64|arm64|arm64-16k|686|686-pae|686-bigmem|486|586|armmp|armmp-lpae|marvell|rpi|versatile|kirkwood|orion5x|ixp4xx|iop32x|mx5|" +
  "octeon|loongson-[23]f?|loongson-3|[45]kc-malta|mips(?:32|64)r\\d(?:el|eb)?|powerpc(?:64)?(?:le)?(?:-smp|-64k)?|s390x|riscv64|" +
  "sparc64(?:-smp)?|parisc(?:64)?(?:-smp)?|alpha-(?:generic|smp)|itanium|mckinley|m68k|sh7751r|sh7785lcr|loong64|hppa|vexpress";

const SUSE =
  "default|pae|xen|desktop|trace|ec2|vmi|debug|vanilla|preempt|rt|rt_debug|azure|64kb|lpae|kvmsmall|bigsmp|ppc64|base|longterm|coco";

/** Every form that stands in the data of an architecture; most kernels are given by their number alone. */
const forms = lazily((): readonly Form[] => [
  {
    // Oracle's own kernel, built for a Red Hat release: 4.14.35-1902.303.5.3.el7uek.x86_64
    pattern: new RegExp(String.raw`^-${BUILD}[\w.]*\.el\d+uek\b`),
    name: "uek",
    example: (release) => `${release}.el7uek.x86_64`,
  },
  {
    // CloudLinux 6 and 7, whose first number runs ahead of Red Hat's: 2.6.32-954.3.5.lve1.4.79.el6.x86_64
    pattern: new RegExp(String.raw`^-${BUILD}\.lve1\.[\d.]+\.(?<cloudlinux>el[67])\b`),
    example: (release) => release,
  },
  {
    // Red Hat, its rebuilds, and whoever builds from its source: 4.18.0-553.5.1.lve.el8, 3.10.0-1160.rt56.1131.el7
    pattern: new RegExp(String.raw`^-${BUILD}(?:\.[a-z]\w*(?:\.\w+)*?)??\.(?<name>el\d+a?)(?![a-z\d])`),
    example: (release, name) => `${release}.${name}.x86_64`,
  },
  {
    // OpenVZ and Virtuozzo 6, from Red Hat's 2.6.32: 2.6.32-042stab145.3
    pattern: new RegExp(`^-042stab${BUILD}$`),
    name: "openvz",
    example: (release) => release.replace("-", "-042stab"),
  },
  {
    // Amazon Linux 1, 2 and 2023: 4.14.62-70.117.amzn2.x86_64
    pattern: new RegExp(String.raw`^-${BUILD}\.amzn\d+\b`),
    name: "amazon",
    example: (release) => `${release}.amzn2.x86_64`,
  },
  {
    pattern: new RegExp(String.raw`^-${BUILD}\.fc\d+\b`),
    name: "fedora",
    example: (release) => `${release}.fc28.x86_64`,
  },
  {
    // openEuler: 5.10.0-136.12.0.86.oe2203sp1.x86_64, 4.19.90-2112.8.0.0131.oe1.x86_64
    pattern: new RegExp(String.raw`^-${BUILD}\.oe\d\w*\b`),
    name: "openeuler",
    example: (release) => `${release}.oe2203.x86_64`,
  },
  {
    // The same sources under names of their own: Virtuozzo 7 to 9, Anolis OS with Red Hat's kernel, EulerOS 2.
    pattern: new RegExp(String.raw`^-${BUILD}(?:\.[a-z]\w*)*?\.(?<clone>vz[789]|an[789]|eulerosv2r\d+)\b`),
    example: (release) => release,
  },
  {
    // A Leap's, which numbers apart from the enterprise's: 4.12.14-lp151.28.91-default
    pattern: new RegExp(String.raw`^-lp(?<build>\d+(?:\.\d+)*)-(?:${SUSE})$`),
    name: "leap",
    example: (release) => `${release.replace("-", "-lp")}-default`,
  },
  {
    // Two numbers and a flavour: 4.12.14-122.37-default
    pattern: new RegExp(String.raw`^-(?<build>\d+\.\d+(?:\.\d+)*)-(?:${SUSE})$`),
    name: "suse",
    example: (release) => `${release}-default`,
  },
  {
    pattern: new RegExp(`^-${BUILD}-(?:default|preempt|desktop|xen)$`),
    name: "suse",
    example: (release) => `${release}-default`,
  },
  {
    // 4.9.0-19-amd64, 4.19.0-0.bpo.19-amd64, 6.1.0-21-cloud-amd64
    pattern: new RegExp(
      String.raw`^-(?:0\.(?:bpo|deb\d+)\.)?(?<build>\d+)(?:\.\w+)*(?:-(?:rt|cloud|openvz|vserver|xen))*-(?:${DEBIAN})$`,
    ),
    name: "debian",
    example: (release) => `${release}-amd64`,
  },
  {
    // Ubuntu's builds of mainline kernels number by the version: 6.8.0-060800-generic. They are that version.
    pattern: /^-(?<build>\d+)-(?!g[\da-f]{6,})[a-z][\w-]*$/,
    name: "ubuntu",
    example: (release) => `${release}-generic`,
  },
  {
    // Nobody's, with Red Hat's number: 3.10.0-862.14.1.6_42.x86_64, 4.18.0-147.5.1.es8_24.x86_64
    pattern: new RegExp(
      String.raw`^-${BUILD}(?<nobody>(?:[._]\w+)*?)\.(?:x86_64|i[36]86|aarch64|ppc64(?:le)?|s390x|mips64el|sw_64|loongarch64)(?:[.+]\w+)?$`,
    ),
    example: (release) => release,
  },
]);

/** Red Hat's sources, by the version they keep, and the number of the first build that went out. */
const RED_HAT: readonly (readonly [version: string, name: string, first: number])[] = [
  ["2.6.32", "el6", 71],
  ["3.10.0", "el7", 54],
  ["4.14.0", "el7a", 40],
  ["4.18.0", "el8", 32],
  ["5.14.0", "el9", 70],
  ["6.12.0", "el10", 55],
];

/**
 * The vendor of a release string, by the form of what follows the version; null where the form is nobody's.
 *
 * @param version the version's numbers. Ubuntu's third is always 0: the point release stands in its own number.
 */
export function vendorOf(rest: string, version: readonly number[]): Vendor | null {
  if (rest.length > LONGEST) return null;
  for (const { pattern, name } of forms()) {
    const found = pattern.exec(rest)?.groups;
    if (found?.build === undefined) continue;
    if (name === "ubuntu" && !isUbuntu(found.build, version[2])) continue;
    const build = found.build.split(".").map(Number);
    if (found.clone !== undefined) return redHatBy(version, build);
    if (found.cloudlinux !== undefined) return cloudLinux(found.cloudlinux, build);
    if (found.nobody !== undefined) return inferredRedHat(version, build, found.nobody);
    return { name: found.name ?? (name as string), build };
  }
  return null;
}

/** Whose source it is where the version and the number are Red Hat's. */
function redHatBy(version: readonly number[], build: readonly number[]): Vendor | null {
  const source = RED_HAT.find(([text, , first]) => text === version.join(".") && (build[0] ?? 0) >= first);
  return source === undefined ? null : { name: source[1], build };
}

/** The same for a string that names nobody; what names another (`.mga7`, `.native`) is not taken for Red Hat's. */
function inferredRedHat(version: readonly number[], build: readonly number[], tail: string): Vendor | null {
  const found = /^\.(?:mga|native|pclos|rosa|alt|omv|ph)\d*/.test(tail) ? null : redHatBy(version, build);
  if (found === null) return null;
  const number = `${version.join(".")}-${build.join(".")}`;
  return { ...found, inferred: `built from Red Hat's ${number}.${found.name}, by its number` };
}

/** CloudLinux 6 counts 200 above Red Hat's number from 896 on: 2.6.32-954.3.5.lve1.4.59 is built from 754.3.5. */
function cloudLinux(name: string, build: readonly number[]): Vendor {
  const [first = 0, ...more] = build;
  const own = name === "el6" && first >= 800 ? [first - 200, ...more] : build;
  const from = own === build ? "Red Hat's source of about that number" : `Red Hat's build ${own.join(".")}`;
  return { name, build: own, inferred: `built from ${from}: CloudLinux's numbers run ahead (from memory)` };
}

/** A number with a zero in front is the version of a build of mainline. */
const isUbuntu = (build: string, third: number | undefined): boolean => third === 0 && !build.startsWith("0");

/** A release string of a vendor, for the version and build: `4.18.0-80.el8.x86_64` for `el8` and `4.18.0-80`. */
export function exampleOf(vendor: string, release: string): string {
  const form =
    forms().find(({ name }) => name === vendor) ??
    forms().find(({ name, example }) => name === undefined && example(release, vendor) !== release);
  return form ? form.example(release, vendor) : release;
}
