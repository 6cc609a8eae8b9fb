import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';

const READY_TIMEOUT_SECONDS = 60;

/**
 * How an agent keeps a process that is built on the kit: it says itself when it is ready, and renews certificates by itself.
 *
 * @param ops where it says so
 */
export function kitLifecycle(
  ops: { readonly address: string; readonly port: number },
  graceSeconds: number,
): Pick<ProcessSpec, 'readiness' | 'stop' | 'onRenew' | 'runs' | 'data'> {
  return {
    readiness: {
      kind: 'http',
      url: `http://${ops.address}:${ops.port}/readyz`,
      timeoutSeconds: READY_TIMEOUT_SECONDS,
    },
    stop: { signal: 'SIGTERM', graceSeconds },
    onRenew: 'none',
    runs: 'always',
    data: false,
  };
}
