// The packages of this repository are made by trustedArch(), which checks nothing: their data is checked here, once.
import { loadAll } from "@ptekit/all";
import { checkArch, defineArch } from "@ptekit/core";
import { expect, it } from "vitest";

it.each((await loadAll()).map((arch) => [arch.name, arch] as const))(
  "%s is what defineArch() takes",
  (_, arch) => {
    const { for: _for, ...data } = arch;
    expect(checkArch(arch)).toEqual([]);
    expect(defineArch(data).layouts).toEqual(arch.layouts);
  },
);
