import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { kitLifecycle } from '../../service/local-lifecycle.ts';
import type { Listen } from '../local-places.ts';

const STOP_GRACE_SECONDS = 10;

/** What a process of the workspace `services/watch` is made of that serves metrics and has users of none. */
export interface WatchProcess extends Pick<
  ProcessSpec,
  'name' | 'revision' | 'command' | 'environment' | 'files' | 'identities'
> {
  readonly metrics: Listen;
  readonly ops: Listen;
}

/** A process that watches: it keeps nothing, and renews certificates by itself. */
export function watchProcess({ metrics, ops, ...given }: WatchProcess): ProcessSpec {
  return {
    ...given,
    liveFiles: {},
    listens: [
      { name: 'metrics', address: metrics.address, port: metrics.port },
      { name: 'ops', address: ops.address, port: ops.port },
    ],
    ...kitLifecycle(ops, STOP_GRACE_SECONDS),
  };
}
