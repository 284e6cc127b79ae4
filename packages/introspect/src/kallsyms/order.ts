// Whether numbers are the addresses of kallsyms: it has its symbols in the order of their addresses, the lowest first.
import type { KernelMemory } from "../virtual.ts";
import type { AddressForm, KallsymsPlaces } from "./table.ts";

const PAGE = 4096;
/** Fewer that are in order say nothing. */
const ENOUGH = 256;

/** Whether all addresses, read in that form, are in order, and the last of them is one of the kernel's. */
export function isInOrder(
  form: AddressForm,
  kernel: KernelMemory,
  { offsets, relativeBase }: Pick<KallsymsPlaces, "offsets" | "relativeBase">,
  count: number,
): boolean {
  const each = form === "absolute" ? kernel.bits / 8 : 4;
  const { view, places } = elementsAt(kernel, offsets, each, count);
  const { little } = kernel;
  if (places.length < ENOUGH) return false;
  const last = places.at(-1) as number;
  if (form === "absolute") {
    const at = (i: number): bigint =>
      each === 8 ? view.getBigUint64(8 * i, little) : BigInt(view.getUint32(4 * i, little));
    return rises(places, at) && isKernels(kernel, at(last));
  }
  if (form === "place") return rises(places, (i) => 4 * i + view.getInt32(4 * i, little));
  const base = relativeBase === null ? null : kernel.word(relativeBase);
  if (base === null || !isKernels(kernel, base)) return false;
  if (form === "relative") return rises(places, (i) => view.getUint32(4 * i, little));
  // Absolute ones, which are low, come first; the others fall below -1 as their addresses rise above the base.
  const percpu = (i: number): number => {
    const offset = view.getInt32(4 * i, little);
    return offset >= 0 ? offset - 2 ** 31 : -1 - offset;
  };
  return percpu(last) >= 0 && rises(places, percpu);
}

/** The elements of an array, and the numbers of those that are in the dump as a whole. */
function elementsAt(
  kernel: KernelMemory,
  address: bigint,
  each: number,
  count: number,
): { readonly view: DataView; readonly places: readonly number[] } {
  const bytes = new Uint8Array(each * count);
  const places: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = Math.min(PAGE - Number((address + BigInt(at)) % BigInt(PAGE)), bytes.length - at);
    if (kernel.read(address + BigInt(at), bytes.subarray(at, at + size)) === "read")
      for (let i = Math.ceil(at / each); (i + 1) * each <= at + size; i++) places.push(i);
    at += size;
  }
  return { view: new DataView(bytes.buffer), places };
}

/** Kernels lie in the upper half of their addresses. */
const isKernels = ({ bits }: KernelMemory, address: bigint): boolean => address >> BigInt(bits - 1) === 1n;

function rises(places: readonly number[], at: (i: number) => number | bigint): boolean {
  for (let i = 1; i < places.length; i++)
    if (at(places[i] as number) < at(places[i - 1] as number)) return false;
  return at(places.at(-1) as number) > at(places[0] as number);
}
