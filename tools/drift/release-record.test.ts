import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { held, readRecord } from './release-record.ts';

const chart = {
  name: 'keda',
  namespace: 'keda',
  chart: 'keda',
  version: '2.21.0',
  values: { replicas: 2, optional: undefined },
};

const record = {
  name: 'keda',
  namespace: 'keda',
  version: 3,
  chart: { metadata: { name: 'keda', version: '2.21.0' } },
  config: { replicas: 2 },
  manifest: [
    '---\n# Source: keda/templates/role.yaml\nkind: Role\napiVersion: rbac.authorization.k8s.io/v1\nmetadata:\n  name: keda\n  labels:\n    app: keda\n',
    '---\n# Source: keda/templates/empty.yaml\n',
  ].join(''),
  hooks: [{ manifest: 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: hook\n' }],
};

describe('a record of Helm', () => {
  test('is read as Helm writes it: compressed, and in Base64 twice', () => {
    const text = gzipSync(JSON.stringify(record)).toString('base64');
    expect(readRecord(Buffer.from(text).toString('base64'))).toEqual(record);
  });

  test('tells its objects with what Helm adds, and those of hooks as such that come and go', () => {
    const installed = held(record, chart);
    expect(installed).toMatchObject({ drift: 'none' });
    expect(installed.objects).toEqual([
      {
        declaredBy: 'chart keda',
        defaultNamespace: 'keda',
        object: {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          metadata: {
            name: 'keda',
            labels: { app: 'keda', 'app.kubernetes.io/managed-by': 'Helm' },
            annotations: {
              'meta.helm.sh/release-name': 'keda',
              'meta.helm.sh/release-namespace': 'keda',
            },
          },
        },
      },
      expect.objectContaining({ mayBeAbsent: true }),
    ]);
  });

  test('is held against the chart that is declared', () => {
    expect(held(record, { ...chart, version: '2.22.0' })).toMatchObject({
      drift: 'another version',
      detail: '2.21.0 is installed, this folder has 2.22.0',
    });
  });

  test('is held against the values that are declared, and shows none', () => {
    const installed = held({ ...record, config: { password: 'marker' } }, chart);
    expect(installed).toMatchObject({ drift: 'other values' });
    expect('detail' in installed ? installed.detail : '').not.toContain('marker');
  });
});
