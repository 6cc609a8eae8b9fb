/**
 * Whether a version of an engine is older than another, undefined where one of them is none. Numbers count that both
 * have; what follows them does not, such as '.x.kraft' of '3.9.x.kraft'.
 */
export function isOlder(wanted: unknown, than: unknown): boolean | undefined {
  const [one, other] = [wanted, than].map(numbersOf);
  if (one === undefined || other === undefined) return undefined;
  const place = one.findIndex((number, index) => {
    const against = other[index];
    return against !== undefined && number !== against;
  });
  return place !== -1 && Number(one[place]) < Number(other[place]);
}

function numbersOf(version: unknown): readonly number[] | undefined {
  const numbers = /^\d+(?:\.\d+)*/.exec(typeof version === 'string' ? version : '')?.[0];
  return numbers?.split('.').map(Number);
}
