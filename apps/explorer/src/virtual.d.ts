declare module "virtual:proof" {
  /** The files that hold a layout, by its id. */
  export const proof: Readonly<Record<string, readonly import("./proof.ts").Proof[]>>;
}
declare module "virtual:life-proof" {
  /** Which running kernels did what a transition of the model says. */
  export const proof: import("./life/recorded.ts").LifeProof;
}
declare module "virtual:lives" {
  /** The life files by name, each loaded when it is asked for. */
  export const files: Readonly<Record<string, () => Promise<import("./life/recorded.ts").RecordedFile>>>;
}
