/** Each architecture's README, made from its data. */
export async function readmes() {
  return [];
}
