import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { archiveFile } from '@meridian/components/kubernetes/chart-archive.ts';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { describeProblem } from '@meridian/components/model/validate/problem.ts';
import { digestOf, PINS_FILE } from './pins.ts';
import type { Pin } from './pins.ts';

/**
 * What is wrong with the archives of other people's charts, which Helm installs without a look at their digests.
 *
 * @param root folder of the program
 */
export function keptChartProblems(root: string, pins: readonly Pin[]): readonly string[] {
  const files = new Map(
    pins
      .filter(({ kind, digest }) => kind === 'chart' && digest !== UNRESOLVED)
      .map(({ reference, digest }) => [archiveFile(reference), digest]),
  );
  return [...files].flatMap(([file, digest]) => {
    const kept = path.join(root, file);
    const found = existsSync(kept) ? digestOf(readFileSync(kept)) : undefined;
    if (found === digest) return [];
    const problem = {
      subject: `Chart '${file}'`,
      rule: `must be the archive with the digest ${digest}, which ${PINS_FILE} records`,
      given: found ?? 'no file',
      fix: `put it back (git checkout -- ${file}), or look it up again with npm run pins`,
    };
    return [describeProblem(problem)];
  });
}
