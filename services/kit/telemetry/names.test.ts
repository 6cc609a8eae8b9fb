import {
  METRIC_DB_CLIENT_OPERATION_DURATION,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
  METRIC_RPC_CLIENT_CALL_DURATION,
  METRIC_RPC_SERVER_CALL_DURATION,
} from '@opentelemetry/semantic-conventions';
import { expect, test } from '@jest/globals';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { TELEMETRY_ATTRIBUTES } from '@meridian/language/telemetry-attributes.ts';
import { ATTRIBUTES, LABELS, METRICS } from './names.ts';

test('metrics of the semantic conventions have their names, translated for Prometheus', () => {
  const translated = (name: string) => `${name.replaceAll('.', '_')}_seconds`;
  expect(METRICS).toMatchObject({
    rpcServerCallDuration: translated(METRIC_RPC_SERVER_CALL_DURATION),
    rpcClientCallDuration: translated(METRIC_RPC_CLIENT_CALL_DURATION),
    httpServerRequestDuration: translated(METRIC_HTTP_SERVER_REQUEST_DURATION),
    dbClientOperationDuration: translated(METRIC_DB_CLIENT_OPERATION_DURATION),
  });
});

test('the labels of the registry are those that services write', () => {
  const registered = Object.values(METRIC_REGISTRY).flatMap(({ labels }) => [...labels]);
  expect(new Set<string>(registered)).toEqual(new Set<string>(Object.values(LABELS)));
});

test('attributes that are let through are those that are set', () => {
  expect(new Set(TELEMETRY_ATTRIBUTES)).toEqual(new Set<string>(Object.values(ATTRIBUTES)));
});

test('each metric is registered once, with a name that tells what it is', () => {
  const all = Object.values(METRIC_REGISTRY);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { kind, name } of all) expect(name.endsWith('_total')).toBe(kind === 'counter');
});
