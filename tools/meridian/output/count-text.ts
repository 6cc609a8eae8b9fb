/** A count as people read it, with a comma for each thousand. */
export function countText(count: number): string {
  return count.toLocaleString('en-GB');
}
