/** Of three letters one may be another. */
const LETTERS_PER_MISTAKE = 3;

/** Asks whether a name near it was meant, in front of what to do; nothing where none is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const meant = nearestName(given, names);
  return meant === undefined ? '' : `did you mean '${meant}'? `;
}

/** The name that was probably meant, where one is near; whether letters are small or large counts as nothing. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const far = Math.ceil(given.length / LETTERS_PER_MISTAKE);
  const [nearest] = names
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter((each) => each.distance <= far)
    .toSorted((one, other) => one.distance - other.distance);
  return nearest?.name;
}

/** How many letters have to be added, left out or written otherwise (Levenshtein's distance). */
function distance(from: string, to: string): number {
  const first = Array.from({ length: to.length + 1 }, (_, index) => index);
  const last = Array.from(from).reduce<readonly number[]>((above, letter, row) => {
    const line = [row + 1];
    for (const [index, other] of Array.from(to).entries()) {
      const [left = 0, corner = 0, over = 0] = [line[index], above[index], above[index + 1]];
      line.push(Math.min(left + 1, over + 1, corner + (letter === other ? 0 : 1)));
    }
    return line;
  }, first);
  return last.at(-1) ?? 0;
}
