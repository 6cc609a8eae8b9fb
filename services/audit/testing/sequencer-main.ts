import { writeSync } from 'node:fs';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runProcess } from '@meridian/kit/process.ts';
import { openSigningKey } from '@meridian/kit/tls/open-signing-key.ts';
import { logMetrics } from '../log/log-metrics.ts';
import { Sequencer } from '../log/sequencer.ts';
import { FolderPublication } from './folder-publication.ts';
import { watchedDatabase, watchedPublication } from './kill-points.ts';
import type { Passing } from './kill-points.ts';
import { placesFrom } from './publication-in-memory.ts';
import { ORIGIN, QUICK } from './settings.ts';

/**
 * A process that does nothing but sequence, and ends itself as by `kill -9`, or stops, when it passes a point.
 * Arguments: the folder of the publication, the signal, the point.
 */
const [folder = '', signal = 'SIGKILL', point] = process.argv.slice(2);

let hit = false;

const pass: Passing = (passed) => {
  if (hit || passed !== point) return;
  hit = true;
  writeSync(1, `${point}\n`);
  process.kill(process.pid, signal);
};

await runProcess((runtime) => {
  const sequencer = new Sequencer({
    database: watchedDatabase(openDatabase(runtime, 'audit-postgres'), pass),
    publications: placesFrom(1, watchedPublication(new FolderPublication(folder), pass)),
    key: openSigningKey(runtime, 'checkpoint'),
    log: runtime.log,
    metrics: logMetrics(runtime.metrics.registry),
    origin: ORIGIN,
    roots: () => String(runtime.identity.current.options.ca),
    settings: { ...QUICK, lockTimeoutMs: 1_000, heartbeatMs: 250 },
  });
  sequencer.start();
  runtime.onRelease('sequencer', () => sequencer.stop());
  return Promise.resolve();
});
