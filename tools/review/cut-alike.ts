/** So much of what both sides have alike is shown beside what differs, in characters. */
const AROUND = 16;

/**
 * Two texts in at most so many characters each, by the part that differs: what both begin and end with goes first, then the
 * end. Texts that fit stay as they are.
 */
export function cutAlike(
  before: string,
  after: string,
  longest: number,
): readonly [string, string] {
  const [was, is] = [Array.from(before), Array.from(after)];
  if (was.length <= longest && is.length <= longest) return [before, after];
  const same = alike(was, is);
  const rest = [was, is].map((text) => text.slice(same).toReversed());
  const sameEnd = alike(rest[0] ?? [], rest[1] ?? []);
  const part = (text: readonly string[]): string => {
    const start = same > AROUND + 1 ? same - AROUND : 0;
    const end = sameEnd > AROUND + 1 ? text.length - sameEnd + AROUND : text.length;
    const shown = [...(start > 0 ? ['…'] : []), ...text.slice(start, end)];
    const isCut = end < text.length;
    if (shown.length + (isCut ? 1 : 0) <= longest) return [...shown, isCut ? '…' : ''].join('');
    return [...shown.slice(0, longest - 1), '…'].join('');
  };
  return [part(was), part(is)];
}

/** How many characters two texts begin with alike. */
function alike(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((character, index) => character !== other[index]);
  return differs === -1 ? one.length : differs;
}
