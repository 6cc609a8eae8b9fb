import { runProcess } from '@meridian/kit/process.ts';
import { readEdgeBinding } from './edge-binding.ts';
import { EdgeClient } from './edge-client.ts';
import { probeAccount } from './probe-account.ts';
import { registerProbeMetrics } from './probe-metrics.ts';
import { probe } from './probing.ts';
import { SessionWrite } from './session-write.ts';

/** As often as metrics are fetched. */
const READ_INTERVAL_MS = 15_000;
const WRITE_INTERVAL_MS = 60_000;

/** Longer than the edge waits for the platform, and shorter than the interval. */
const TIMEOUT_MS = 10_000;

/** At the end nobody waits long for a session to be ended. */
const END_TIMEOUT_MS = 3_000;

const READ = { method: 'GET', path: '/v1/products?pageSize=1' } as const;

// Its only argument is its phase: by how much of an interval it is later than the probes of other zones, from 0 to 1.
const phase = Number(process.argv[2] ?? 0);

// Asks the platform from its zone as users do, by the edge alone, and says in its metrics whether it is answered.
await runProcess((runtime) => {
  const { configuration, log } = runtime;
  const binding = readEdgeBinding(runtime);
  const stopped = new AbortController();
  const client = new EdgeClient(binding, { timeoutMs: TIMEOUT_MS, signal: stopped.signal });
  const account = () => probeAccount(configuration.zone, binding.passwordFile);
  const session = new SessionWrite({ client, account });
  const parts = {
    note: registerProbeMetrics(runtime.metrics.registry),
    log,
    signal: stopped.signal,
  };
  const probing = [
    probe(
      {
        ...{ operation: 'read', intervalMs: READ_INTERVAL_MS, phase },
        attempt: () => client.send(READ),
      },
      parts,
    ),
    probe(
      {
        ...{ operation: 'write', intervalMs: WRITE_INTERVAL_MS, phase },
        attempt: () => session.write(),
      },
      parts,
    ),
  ];
  runtime.onDrain('probes', async () => {
    stopped.abort();
    await Promise.all(probing);
    await session.end(new EdgeClient(binding, { timeoutMs: END_TIMEOUT_MS }));
  });
  runtime.readiness.serving();
  return Promise.resolve();
});
