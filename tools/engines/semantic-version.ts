/** Whether a dotted version is the same as or newer than another; what follows a '-' is ignored. */
export function atLeast(version: string, minimum: string): boolean {
  const parse = (text: string): number[] =>
    text.replace(/^v/, '').replace(/-.*$/, '').split('.').map(Number);
  const [one, other] = [parse(version), parse(minimum)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
