declare module "virtual:proof" {
  /** The files that hold a layout, by its id. */
  export const proof: Readonly<Record<string, readonly import("./proof.ts").Proof[]>>;
}
