/** A Kconfig value. */
export type ConfigValue = "y" | "m" | "n" | number;

/** Kconfig symbols a caller states; an absent one takes the default. */
export type ConfigObject = Readonly<Record<string, ConfigValue>>;

/** Which kernel is meant. */
export interface Target {
  /** `"6.12"`, `"6.1.0-50-amd64"`, `"5.14.0-427.el9.x86_64"`; `-rcN` is the release it leads to. */
  readonly release: string;
  /** Single Kconfig symbols (an absent one takes its default), or the text of a whole .config (absent is off). */
  readonly config?: ConfigObject | string;
  /** What the running CPU has: `la57`, `lpa2`. */
  readonly cpu?: string | readonly string[];
  /** Changes that this kernel has beside its release number: `l1tf`. */
  readonly backports?: string | readonly string[];
}

/** The head of a vector or live file, as far as it says which kernel is meant. */
export interface FileHead {
  readonly release: string;
  readonly config: Readonly<Record<string, string>>;
  readonly cpu?: string | readonly string[];
  /** Page-table levels in use, in a live file. */
  readonly levels?: number;
}
