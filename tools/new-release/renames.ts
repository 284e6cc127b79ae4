// Texts that differ in names alone: a release that calls uffd_wp uffd changes a hundred definitions, and moves no bit.

/** From the old name to the new one; null where the texts differ in more than names, or not at all. */
export function renamesIn(from: string, to: string): ReadonlyMap<string, string> | null {
  const [a, b] = [tokens(from), tokens(to)];
  if (a.length !== b.length) return null;
  const found = new Map<string, string>();
  for (const [i, old] of a.entries()) {
    const now = b[i] as string;
    const known = found.get(old);
    if (known !== undefined ? known !== now : old !== now && !(isName(old) && isName(now))) return null;
    // A name that stands for itself here and for another there is no renaming.
    if (isName(old)) found.set(old, now);
  }
  const pairs = [...found].filter(([old, now]) => old !== now);
  const targets = new Set([...found.values()]);
  return pairs.length === 0 || targets.size !== found.size ? null : new Map(pairs);
}

const tokens = (text: string): readonly string[] => text.match(/[A-Za-z_]\w*|\d\w*|\S/g) ?? [];
const isName = (token: string): boolean => /^[A-Za-z_]/.test(token);
