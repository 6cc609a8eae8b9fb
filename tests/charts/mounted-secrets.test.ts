import { describe, expect, test } from '@jest/globals';
import type { CredentialsOrder } from '@meridian/jobs/credentials/credentials-order.ts';
import type { Manifest, Step } from '@meridian/components/kubernetes/manifest.ts';
import { lowered } from './lowered-staging.ts';

const ENGINES = ['postgres', 'redis', 'kafka', 'search'] as const;

/** The Secrets that come of an object. */
function secretsOf({ kind, metadata, ...fields }: Manifest): readonly string[] {
  if (kind === 'Secret') return [metadata.name];
  const { spec } = fields as unknown as { readonly spec: Readonly<Record<string, unknown>> };
  if (kind === 'Certificate') return [String(spec['secretName'])];
  return kind === 'Job' ? secretsOfJob(spec) : [];
}

/** Of the Job that makes passwords: the bindings that they are put into. */
function secretsOfJob(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const { template } = spec as unknown as {
    readonly template: {
      readonly spec: { readonly containers: readonly [{ readonly args: readonly [string] }] };
    };
  };
  const [text] = template.spec.containers[0].args;
  const { users = [] } = JSON.parse(text) as Partial<CredentialsOrder>;
  return users.flatMap(({ bindings }) => bindings.map(({ secret }) => secret));
}

/** Whether Pulumi waits there until an engine runs, or makes something of one that does. */
const needsEngine = ({ protect, charts = [] }: Step): boolean =>
  protect === true || charts.length > 0;

describe('what pods of services mount', () => {
  const mounted = new Set(
    lowered.services.flatMap(({ secrets }) => secrets.map(({ secret }) => secret)),
  );

  test.each(ENGINES)('is there before %s is waited for', (engine) => {
    const { steps } = lowered[engine];
    const ready = steps.findIndex(needsEngine);
    const made = steps.flatMap(({ manifests = [] }, step) =>
      manifests.flatMap(secretsOf).map((secret) => ({ secret, step })),
    );
    const awaited = made.filter(({ secret }) => mounted.has(secret));
    expect(ready).toBeGreaterThan(0);
    expect(awaited).not.toEqual([]);
    expect(awaited.filter(({ step }) => step >= ready)).toEqual([]);
  });
});
