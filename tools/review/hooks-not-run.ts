const SHOWN = 3;

/** What is said of the hooks of a program, of which a review runs none. */
export function hooksNotRun(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, SHOWN).join(', ');
  const others = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return [
    `HOOKS: ${shown}${others} did not run, as nothing outside calls into a sandbox; what they refuse shows in a preview with credentials`,
  ];
}
