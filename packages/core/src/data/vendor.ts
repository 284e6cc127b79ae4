import { lazily } from "../util/lazily.ts";

/** What a vendor's release string says beside the version. */
export interface Vendor {
  /** `el9`, `suse`, `ubuntu`, `debian`, `uek` */
  readonly name: string;
  /** The vendor's own number, in parts: `[427, 13, 1]`; empty where the string has none. */
  readonly build: readonly number[];
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
    // Red Hat, its rebuilds, and whoever builds from its source: 4.18.0-553.5.1.lve.el8, 3.10.0-1160.rt56.1131.el7
    pattern: new RegExp(String.raw`^-${BUILD}(?:\.[a-z]\w*(?:\.\w+)*?)??\.(?<name>el\d+a?)(?![a-z\d])`),
    example: (release, name) => `${release}.${name}.x86_64`,
  },
  {
    // The same sources under names of their own: Virtuozzo 7 and 9, Anolis OS with Red Hat's kernel, EulerOS 2.
    pattern: new RegExp(String.raw`^-${BUILD}(?:\.[a-z]\w*)*?\.(?<clone>vz[789]|an[789]|eulerosv2r[2-7])\b`),
    example: (release) => release,
  },
  {
    // Two numbers and a flavour, or a Leap's: 4.12.14-122.37-default, 4.12.14-lp151.28.91-default
    pattern: new RegExp(String.raw`^-(?:lp)?(?<build>\d+\.\d+(?:\.\d+)*)-(?:${SUSE})$`),
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
]);

/** Which of Red Hat's sources another vendor's name stands for. */
const CLONES: Readonly<Record<string, string>> = {
  vz7: "el7",
  vz8: "el8",
  vz9: "el9",
  an7: "el7",
  an8: "el8",
  an9: "el9",
};

/**
 * The vendor of a release string, by the form of what follows the version; null where the form is nobody's.
 *
 * @param third the third number of the version. Ubuntu's is always 0: the point release stands in its own number.
 */
export function vendorOf(rest: string, third: number | undefined): Vendor | null {
  if (rest.length > LONGEST) return null;
  for (const { pattern, name } of forms()) {
    const found = pattern.exec(rest)?.groups;
    if (found?.build === undefined) continue;
    if (name === "ubuntu" && !isUbuntu(found.build, third)) continue;
    const said = found.name ?? name ?? CLONES[found.clone as string] ?? "el7";
    return { name: said, build: found.build.split(".").map(Number) };
  }
  return null;
}

/** A number with a zero in front is the version of a build of mainline. */
const isUbuntu = (build: string, third: number | undefined): boolean => third === 0 && !build.startsWith("0");

/** A release string of a vendor, for the version and build: `4.18.0-80.el8.x86_64` for `el8` and `4.18.0-80`. */
export function exampleOf(vendor: string, release: string): string {
  const form = forms().find(
    ({ name, example }) => name === vendor || (name === undefined && example(release, vendor) !== release),
  );
  return form ? form.example(release, vendor) : release;
}
