/** So much before and after what differs says where it stands. */
const AROUND = 24;

/** Of two long texts the parts that differ, with a few words around them; short ones as they are. */
export function differingParts(before: string, after: string): readonly [string, string] {
  const begin = commonLength(before, after);
  const rest = Math.min(before.length, after.length) - begin;
  const end = Math.min(commonLength(reversed(before), reversed(after)), rest);
  const from = wordStart(before, Math.max(0, begin - AROUND));
  const part = (text: string): string => {
    const to = Math.min(text.length, text.length - end + AROUND);
    return `${from === 0 ? '' : '…'}${text.slice(from, to)}${to === text.length ? '' : '…'}`;
  };
  return [part(before), part(after)];
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}

function reversed(text: string): string {
  return Array.from(text).toReversed().join('');
}

/** A part does not begin within a word. */
function wordStart(text: string, at: number): number {
  const word = /\w*$/.exec(text.slice(0, at))?.[0].length ?? 0;
  return word <= AROUND ? at - word : at;
}
