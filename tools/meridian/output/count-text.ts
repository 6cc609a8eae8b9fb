/** A count as people read it, with a comma for each thousand. */
export function countText(count: number): string {
  return count.toLocaleString('en-GB');
}

/** A number of things, one of which has no s. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : several}`;
}
