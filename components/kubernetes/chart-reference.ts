import type { ForeignChart } from './manifest.ts';

/** What a chart of others is published as, and what `npm run pins` looks up. */
export function chartReference({ chart, repository, version }: ForeignChart): string {
  const address = repository === undefined ? chart : `${repository.replace(/\/$/, '')}/${chart}`;
  return `${address}:${version}`;
}
