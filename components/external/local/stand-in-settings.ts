import { CodedError } from '@meridian/language/coded-error.ts';
import type { LocalSettings } from '../../local/local-settings.ts';
import type { LandedGraph } from '../../model/landed.ts';
import { PAGER } from '../../observability/paging/pager.ts';

/** Holds the settings of stand-ins against what there is. Throws CodedError SETTINGS_INVALID. */
export function checkStandIns(
  { externals }: LandedGraph,
  { standIns, file }: Pick<LocalSettings, 'standIns' | 'file'>,
): void {
  const names = [...externals.map(({ name }) => name), PAGER];
  const known = names.map((name) => `'${name}'`).join(', ');
  const problems = Object.keys(standIns)
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `Setting 'meridian:standIns.${name}': must be for a system outside the platform that it uses (${known}), got '${name}'; remove it in ${file}`,
    );
  if (problems.length > 0) {
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
}
