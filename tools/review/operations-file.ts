/** Where `--out` keeps the operations that the digest of a stack is of. */
export function operationsFile(stack: string): string {
  return `operations-${stack}.json`;
}
