import type { Database } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { openSigningKey } from '@meridian/kit/tls/open-signing-key.ts';
import { trustDomainOf } from '@meridian/kit/tls/spiffe.ts';
import { openPublications } from '../publication/open-publications.ts';
import { logMetrics } from './log-metrics.ts';
import { lagSeconds } from './sequencer-session.ts';
import { Sequencer } from './sequencer.ts';
import { startSuccessor } from './start-successor.ts';
import type { Successor, SuccessorOptions } from './start-successor.ts';

/** Longer than the publication is slow, or another sequencer takes over. */
const LAG_MAX_SECONDS = 60;

/** The log, as the methods have to do with it. */
export interface OpenLog {
  readonly sequencer: Sequencer;
  /** Begins the next log where this one has stopped; throws as startSuccessor(). */
  succeed(options: Pick<SuccessorOptions, 'anyway'>): Promise<Successor>;
}

/** Starts a sequencer once the process is active, and stops it when the process leaves. */
export function openLog(runtime: Runtime, database: Database): OpenLog {
  const { configuration, identity, log, metrics, readiness, role } = runtime;
  const origin = `${trustDomainOf(configuration.spiffeId)}/audit`;
  const publications = openPublications(runtime);
  const roots = (): string => String(identity.current.options.ca);
  const sequencer = new Sequencer({
    database,
    publications,
    key: openSigningKey(runtime, 'checkpoint'),
    log,
    metrics: logMetrics(metrics.registry),
    origin,
    roots,
  });
  const tell = async (): Promise<void> => {
    if (sequencer.stoppedBecause !== undefined) throw new Error(sequencer.stoppedBecause);
    const seconds = await lagSeconds(database);
    if (seconds <= LAG_MAX_SECONDS) return;
    throw new Error(`the oldest event has waited ${Math.round(seconds)} s for a published head`);
  };
  // What waits is not lost, and what is sealed can be read.
  readiness.add('audit log', tell, 'degrading');
  role.whenActive(() => sequencer.start());
  runtime.onDrain('audit sequencer', () => sequencer.stop());
  const succeed: OpenLog['succeed'] = (options) =>
    startSuccessor(database, { publications, name: origin, roots: roots(), log, ...options });
  return { sequencer, succeed };
}
