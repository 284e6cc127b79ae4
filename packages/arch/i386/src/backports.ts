import type { Backport } from "@ptekit/core";

// L1TF (CVE-2018-3620) changed swap PTEs under PAE alone. The point releases are x86_64's: one commit series has both.
// Held from both sides by headers: 4.18.0 and 4.18.0-80.el8, 4.14.5 and 4.14.67, 4.9.115 and 4.9.154, 4.4.147 and 4.4.155.

const MEMORY = "from memory, its headers were not read";

/** L1TF under PAE as mainline has it. */
export const l1tf: readonly Backport[] = [
  { release: "4.18.0-80", vendor: "el8" },
  { release: "4.18.1" },
  { release: "4.18.0-13", vendor: "ubuntu", uncertain: "seen for x86_64" },
  { release: "4.18.0-1", vendor: "debian", uncertain: `Debian's 4.18.0-1 is 4.18.6 or later: ${MEMORY}` },
  { release: "4.17.15", uncertain: `L1TF in 4.17.15 is ${MEMORY}; 4.17.0 is without it` },
  { release: "4.17.0-3", vendor: "debian", uncertain: `Debian's 4.17.0-3 is 4.17.15 or later: ${MEMORY}` },
  {
    release: "4.15.18",
    uncertain:
      "4.15.18 is what the sources of Ubuntu 18.04 call themselves, and they have L1TF; mainline's 4.15.18, of April 2018, has not",
  },
  {
    release: "4.15.0-32",
    vendor: "ubuntu",
    uncertain: `Ubuntu 18.04's sources have L1TF; that it came with 4.15.0-32 (USN-3740-1) is ${MEMORY}`,
  },
  { release: "4.14.63" },
  { release: "4.9.120" },
  {
    release: "4.9.0-8",
    vendor: "debian",
    uncertain: `L1TF in Debian 9 from 4.9.0-8 on (4.9.110-3+deb9u3, DSA-4279-1) is ${MEMORY}`,
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
];

/** L1TF of the 4.4 series, where pte_none() is exact. */
export const l1tf44: readonly Backport[] = [
  { release: "4.4.148" },
  {
    release: "4.4.0-133",
    vendor: "ubuntu",
    uncertain: `L1TF in Ubuntu 16.04 from 4.4.0-133 on (USN-3741-1), as 4.4.148 has it, is ${MEMORY}`,
  },
];

/** L1TF of RHEL 7's sources, from which CentOS builds i686: build 693.21.1 is without it, 1062 has it. */
export const l1tfRhel7: readonly Backport[] = [
  { release: "3.10.0-1062", vendor: "el7" },
  {
    release: "3.10.0-862.11.6",
    vendor: "el7",
    uncertain: `L1TF came to RHEL 7 between 3.10.0-693.21.1 and -1062; that it was -862.11.6 (RHSA-2018:2384) is ${MEMORY}`,
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
];
