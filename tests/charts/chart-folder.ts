import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChartText } from './rendered-chart.ts';

/** A folder with charts in it, a folder each, as `npm run render` writes them. */
export interface ChartFolder {
  readonly of: (name: string) => string;
  readonly remove: () => void;
}

/** Writes charts into a temporary folder. */
export function writeCharts(charts: ReadonlyMap<string, ChartText>): ChartFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-charts-'));
  for (const [name, chart] of charts) {
    for (const [file, text] of Object.entries(chart)) {
      const target = path.join(folder, name, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  return {
    of: (name) => path.join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
