// Files that people take for dumps: what they are, and what to do.

/** How a file begins; a sentence about it. */
const FORMS: readonly { readonly at?: number; readonly begins: string; readonly is: string }[] = [
  { begins: "DISKDUMP", is: "a dump of diskdump, which kernels before 2.6.13 were dumped with" },
  { begins: "LibvirtQemudSave", is: "what `virsh save` writes; `virsh dump --memory-only` writes a dump" },
  {
    begins: "QEVM",
    is: "a migration stream of QEMU, as `virsh dump` writes it; --memory-only makes it a dump",
  },
  { begins: "PAGEDU64", is: "a crash dump of Windows" },
  { begins: "PAGEDUMP", is: "a crash dump of Windows" },
  { begins: "\xd2\xbe\xd2\xbe", is: "a suspended virtual machine of VMware; vmss2core makes it an ELF core" },
  { begins: "\xd1\xbe\xd2\xbe", is: "a snapshot of VMware; vmss2core makes it an ELF core" },
  { begins: "\x1f\x8b\x08", is: "compressed with gzip; decompress it first" },
  { begins: "\xfd7zXZ\0", is: "compressed with xz; decompress it first" },
  { begins: "BZh", is: "compressed with bzip2; decompress it first" },
  { begins: "\x28\xb5\x2f\xfd", is: "compressed with zstd; decompress it first" },
  { begins: "\x04\x22\x4d\x18", is: "compressed with lz4; decompress it first" },
  { begins: "PK\x03\x04", is: "a zip archive; unpack it first" },
  { at: 257, begins: "ustar", is: "a tar archive; unpack it first" },
];

/** What a file is that is no dump of a form read here; null where its beginning says nothing. */
export function otherForm(head: Uint8Array): string | null {
  const text = String.fromCharCode(...head.subarray(0, 512));
  return FORMS.find(({ at = 0, begins }) => text.startsWith(begins, at))?.is ?? null;
}
