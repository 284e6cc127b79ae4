import { describe, expect, it } from "vitest";
import type { Given } from "../src/command.ts";
import { meant } from "../src/this-machine.ts";
import { objects, ptekit } from "./run.ts";

const given = (options: Readonly<Record<string, string>>): Given => ({
  command: "decode",
  args: [],
  text: (name) => options[name],
  list: () => [],
  has: (name) => name in options,
});
const machine = { platform: "linux", machine: "aarch64", release: "6.12.48+deb13-arm64" };

describe("where --arch or --kernel is not given", () => {
  it("the machine's are taken, and said", async () => {
    const { arch, release, sentence } = await meant(given({}), machine);
    expect([arch.name, release]).toEqual(["arm64", machine.release]);
    expect(sentence).toBe(
      "arm64, Linux 6.12.48+deb13-arm64, as on this machine (--arch and --kernel not given)",
    );
  });

  it("the machine's release goes with its own architecture alone", async () => {
    expect((await meant(given({ arch: "aarch64" }), machine)).release).toBe(machine.release);
    await expect(meant(given({ arch: "riscv" }), machine)).rejects.toThrow("decode needs --kernel R");
  });

  it("its architecture goes with any release", async () => {
    const { arch, sentence } = await meant(given({ kernel: "6.1" }), machine);
    expect([arch.name, sentence]).toEqual([
      "arm64",
      "arm64, Linux 6.1, as on this machine (--arch not given)",
    ]);
  });

  it("a machine that is no Linux, or that nobody knows, is no answer", async () => {
    const others = [
      { ...machine, platform: "darwin" },
      { ...machine, machine: "vax" },
    ];
    for (const other of others)
      await expect(meant(given({ kernel: "6.1" }), other)).rejects.toThrow("decode needs --arch A");
    await expect(meant(given({ arch: "arm64" }), others[0])).rejects.toThrow("decode needs --kernel R");
  });

  it.runIf(process.platform === "linux")("every answer names it", () => {
    const sentence = /as on this machine \(--arch and --kernel not given\)/;
    for (const line of [
      ["decode", "0x17c0"],
      ["types"],
      ["layout"],
      ["spare"],
      ["encode", "--type", "1", "--offset", "1"],
    ])
      expect([line, ptekit(line).out]).toEqual([line, expect.stringMatching(sentence)]);
    const [said] = objects(ptekit(["decode", "--json", "0x17c0"]));
    expect(said?.assumed).toContainEqual({ sentence: expect.stringMatching(sentence), otherwise: null });
    const [walked] = objects(ptekit(["walk", "--root", "0", "--json", "0x1000", "-"], "ptekit! ".repeat(8)));
    expect(walked?.assumed).toContainEqual(expect.stringMatching(sentence));
  });
});
