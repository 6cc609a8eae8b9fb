import { settleInBackground } from '@meridian/kit/background.ts';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import { countGaps, lookForGaps } from './gaps.ts';

const INTERVAL_MS = 15_000;

/** Shows how many aggregates have a gap. */
export function watchGaps(runtime: Runtime, session: Session): void {
  const shown = gauge(runtime.metrics.registry, {
    name: METRICS.auditGaps,
    help: 'Aggregates of which a version has been missing for more than a minute',
  });
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    await settleInBackground('audit gaps', async () => {
      while (await lookForGaps(session));
      const found = await countGaps(session);
      if (found > 0) runtime.log.warn({ aggregates: found }, 'versions of aggregates are missing');
      shown.set(found);
    });
    looking = false;
  };
  const timer = setInterval(() => void runOutsideScope(look), INTERVAL_MS).unref();
  runtime.onRelease('audit gaps', () => clearInterval(timer));
}
