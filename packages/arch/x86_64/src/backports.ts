import type { Backport } from "@ptekit/core";

// L1TF (CVE-2018-3620) went into every kernel of its time. A row without `uncertain` is held from both sides by headers
// (4.18.0 and 4.18.0-80.el8, 4.14.5 and 4.14.67, 4.9.115 and 4.9.154), or the vendor's first build has it.

const MEMORY = "from memory, its headers were not read";

/** L1TF as mainline has it. */
export const l1tf: readonly Backport[] = [
  { release: "4.18.0-80", vendor: "el8" },
  { release: "4.18.0-13", vendor: "ubuntu" },
  { release: "4.18.1" },
  { release: "4.18.0-1", vendor: "debian", uncertain: `Debian's 4.18.0-1 is 4.18.6 or later: ${MEMORY}` },
  {
    release: "4.17.14-102",
    vendor: "fedora",
    uncertain: `L1TF in Fedora from 4.17.14-102 (27) and -202 (28) on is ${MEMORY}`,
  },
  { release: "4.17.15", uncertain: `L1TF in 4.17.15 is ${MEMORY}; 4.17.0 is without it` },
  { release: "4.17.0-3", vendor: "debian", uncertain: `Debian's 4.17.0-3 is 4.17.15 or later: ${MEMORY}` },
  {
    release: "4.15.18",
    uncertain:
      "4.15.18 is what the sources of Ubuntu 18.04 and of Proxmox VE 5 call themselves, and they have L1TF; mainline's 4.15.18, of April 2018, has not",
  },
  {
    release: "4.15.0-32",
    vendor: "ubuntu",
    before: "4.15.0-1000",
    uncertain: `Ubuntu 18.04's sources have L1TF; that it came with 4.15.0-32 (USN-3740-1) is ${MEMORY}`,
  },
  {
    release: "4.15.0-1017",
    vendor: "ubuntu",
    uncertain: `Ubuntu 18.04's sources have L1TF; that -gcp has it from 1017, -aws and -kvm from 1019, -azure from 1021 on (USN-3740-1) is ${MEMORY}`,
  },
  { release: "4.14.63" },
  {
    release: "4.14.62-65.117",
    vendor: "amazon",
    uncertain: `L1TF in Amazon Linux from 4.14.62-65.117 (1) and -70.117 (2) on (ALAS-2018-1058) is ${MEMORY}`,
  },
  {
    release: "4.14.35-1818.1.6",
    vendor: "uek",
    uncertain: `L1TF in UEK 5 from 4.14.35-1818.1.6 on (ELSA-2018-4196) is ${MEMORY}`,
  },
  {
    release: "4.12.14-25.13",
    vendor: "suse",
    uncertain: `L1TF in SLE 15 from 4.12.14-25.13 on, and in every build of SLE 12 SP4 and later, is ${MEMORY}`,
  },
  {
    release: "4.12.14-5.5",
    vendor: "suse",
    before: "4.12.14-23",
    uncertain: `that every build of the flavours -azure and -rt with 4.12.14 is of August 2018 or later, and so has L1TF, is ${MEMORY}`,
  },
  {
    release: "4.12.14-150.12.16",
    vendor: "leap",
    uncertain: `L1TF in Leap 15.0 from 4.12.14-lp150.12.16 on, and in every build of Leap 15.1, is ${MEMORY}`,
  },
  { release: "4.9.120" },
  {
    release: "4.9.0-8",
    vendor: "debian",
    uncertain: `L1TF in Debian 9 from 4.9.0-8 on (4.9.110-3+deb9u3, DSA-4279-1) is ${MEMORY}`,
  },
  {
    release: "4.1.12-124.18.1",
    vendor: "uek",
    uncertain: `L1TF in UEK 4 from 4.1.12-124.18.1 on (ELSA-2018-4195) is ${MEMORY}`,
  },
  { release: "3.16.58", uncertain: `L1TF in 3.16.58 is ${MEMORY}` },
  {
    release: "3.16.0-7",
    vendor: "debian",
    uncertain: `L1TF in Debian 8 from 3.16.0-7 on (3.16.59-1, DLA-1529-1) is ${MEMORY}`,
  },
  {
    release: "3.13.0-155",
    vendor: "ubuntu",
    uncertain: `L1TF in Ubuntu 14.04 from 3.13.0-155 on (USN-3742-1) is ${MEMORY}`,
  },
  {
    release: "3.12.61-52.141",
    vendor: "suse",
    uncertain: `L1TF in SLE 12 from 3.12.61-52.141 on is ${MEMORY}`,
  },
  {
    release: "3.12.74-60.64.99",
    vendor: "suse",
    uncertain: `L1TF in SLE 12 SP1 from 3.12.74-60.64.99 on is ${MEMORY}`,
  },
];

/** L1TF of the 4.4 series, where pte_none() is exact; 4.4.147 is without it, 4.4.155 has it. */
export const l1tf44: readonly Backport[] = [
  { release: "4.4.148" },
  {
    release: "4.4.0-133",
    vendor: "ubuntu",
    before: "4.4.0-1000",
    uncertain: `L1TF in Ubuntu 16.04 from 4.4.0-133 on (USN-3741-1), as 4.4.148 has it, is ${MEMORY}`,
  },
  {
    release: "4.4.0-1031",
    vendor: "ubuntu",
    uncertain: `L1TF in Ubuntu 16.04's -kvm from 4.4.0-1031, -aws from 4.4.0-1065 on (USN-3741-1), as 4.4.148 has it, is ${MEMORY}`,
  },
  {
    release: "4.4.143-94.47",
    vendor: "suse",
    uncertain: `L1TF in SLE 12 SP3 from 4.4.143-94.47 on, as 4.4.148 has it, is ${MEMORY}`,
  },
  {
    release: "4.4.143-65",
    vendor: "suse",
    before: "4.4.143-66",
    uncertain: `L1TF in Leap 42.3 from 4.4.143-65 on, as 4.4.148 has it, is ${MEMORY}`,
  },
  {
    release: "4.4.121-92.92",
    vendor: "suse",
    uncertain: `L1TF in SLE 12 SP2 from 4.4.121-92.92 on, as 4.4.148 has it, is ${MEMORY}`,
  },
];

/** L1TF of RHEL 7: build 693.21.1 is without it, 1062 has it. Its branches got it with builds of their own. */
export const l1tfRhel7: readonly Backport[] = [
  { release: "3.10.0-1062", vendor: "el7" },
  {
    release: "3.10.0-862.11.6",
    vendor: "el7",
    uncertain: `L1TF came to RHEL 7 between 3.10.0-693.21.1 and -1062; that it was -862.11.6 (RHSA-2018:2384) is ${MEMORY}`,
  },
  {
    release: "3.10.0-693.37.4",
    vendor: "el7",
    before: "3.10.0-694",
    uncertain: `L1TF in RHEL 7.4 EUS from 3.10.0-693.37.4 on (RHSA-2018:2387) is ${MEMORY}`,
  },
  {
    release: "3.10.0-514.55.4",
    vendor: "el7",
    before: "3.10.0-515",
    uncertain: `L1TF in RHEL 7.3 EUS from 3.10.0-514.55.4 on is ${MEMORY}`,
  },
];

/** L1TF of RHEL 6: build 504.16.2 is without it, 754.35.1 has it. */
export const l1tfRhel6: readonly Backport[] = [
  { release: "2.6.32-754.35.1", vendor: "el6" },
  {
    release: "2.6.32-754.3.5",
    vendor: "el6",
    uncertain: `L1TF came to RHEL 6 between 2.6.32-504.16.2 and -754.35.1; that it was -754.3.5 (RHSA-2018:2390) is ${MEMORY}`,
  },
  {
    release: "2.6.32-134",
    vendor: "openvz",
    uncertain: `L1TF in OpenVZ and Virtuozzo 6 from 042stab134 on, as RHEL 6 has it, is ${MEMORY}`,
  },
];

/** RHEL 7.3 moved type and offset as 4.8 did, and counted one bit too many; 7.2 is older than that change. */
export const rhel7Moved: readonly Backport[] = [{ release: "3.10.0-514", vendor: "el7" }];

/** UFFDIO_WRITEPROTECT of RHEL 8: build 305.25.1 is without it, 348 has it. */
export const rhel8UffdWp: readonly Backport[] = [{ release: "4.18.0-348", vendor: "el8" }];

/** pte_swp_exclusive() of RHEL 9: build 162.23.1 is without it, 284.11.1 has it. */
export const rhel9Exclusive: readonly Backport[] = [
  { release: "5.14.0-284", vendor: "el9" },
  {
    release: "5.14.0-179",
    vendor: "el9",
    uncertain:
      "the exclusive bit came to RHEL 9 between 5.14.0-162.23.1 and -284.11.1; that it was -179, as the swap types, is likely",
  },
];

/** _PAGE_SAVED_DIRTY of RHEL 9: build 427.42.1 is without it, 503.11.1 has it. */
export const rhel9SavedDirty: readonly Backport[] = [{ release: "5.14.0-503", vendor: "el9" }];
