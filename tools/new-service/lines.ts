/** A text of lines, of which some are left out. */
export function lines(...given: readonly (string | false)[]): string {
  return `${given.filter((line) => line !== false).join('\n')}\n`;
}
