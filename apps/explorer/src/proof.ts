/** A file of the kernel's own answers that holds a layout. */
export interface Proof {
  readonly kind: "vectors" | "live";
  readonly file: string;
  readonly release: string;
}
