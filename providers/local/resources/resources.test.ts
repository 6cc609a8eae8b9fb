import { runtime } from '@pulumi/pulumi';
import type { Output } from '@pulumi/pulumi';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { PostgresRole } from './postgres-role.ts';
import { RootAuthority } from './root-authority.ts';
import { resourceKinds, typeToken } from './type-token.ts';
import { ZoneAgent } from './zone-agent.ts';

const valueOf = <T>(output: Output<T>): Promise<T> =>
  new Promise((resolve) => void output.apply((value) => resolve(value)));

describe('resource classes', () => {
  const registered: { readonly type: string; readonly inputs: unknown }[] = [];

  beforeAll(async () => {
    await runtime.setMocks({
      newResource: ({ type, inputs, name }) => {
        registered.push({ type, inputs });
        const state = inputs as Readonly<Record<string, unknown>>;
        return { id: name, state: { ...state, fingerprint: 'f'.repeat(64) } };
      },
      call: () => ({}),
    });
  });

  test('pass outputs on as inputs and add what the provider expects', async () => {
    const root = new RootAuthority('root', { trustDomain: 'meridian.local', lifetimeDays: 10 });
    const agent = new ZoneAgent('a', {
      zone: 'a',
      network: '127.0.1.0/24',
      rootFingerprint: root.fingerprint,
      leafLifetimeSeconds: 600,
    });
    expect(await valueOf(agent.rootFingerprint)).toBe('f'.repeat(64));
    expect(await valueOf(agent.state)).toBe('running');
    expect(registered.map(({ type }) => type)).toEqual([
      typeToken('RootAuthority'),
      typeToken('ZoneAgent'),
    ]);
  });

  test('leave out what the program leaves out', async () => {
    const server = { zone: 'a', process: 'postgres', port: 17002 };
    const role = new PostgresRole('shop', { server, name: 'shop', kind: 'service' });
    await valueOf(role.urn);
    expect(registered.at(-1)?.inputs).toEqual({
      server,
      name: 'shop',
      kind: 'service',
      state: 'intact',
    });
  });

  test('have a token in the package of the provider', () => {
    expect(resourceKinds.map(typeToken)).toContain('meridian-local:index:PostgresSchema');
  });
});
