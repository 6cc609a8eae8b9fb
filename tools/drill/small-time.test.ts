import { expect, test } from '@jest/globals';
import { RULES_FILE } from '@meridian/components/observability/local/prometheus.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import {
  alertmanagerInSmallTime,
  collectorInSmallTime,
  prometheusInSmallTime,
} from './small-time.ts';

const spec = (files: Readonly<Record<string, string>>): ProcessSpec => ({
  ...{ name: 'sample', revision: '', command: ['/bin/true'], environment: {}, files },
  ...{ liveFiles: { [RULES_FILE]: 'as it was', other: 'kept' }, identities: [], listens: [] },
  readiness: { kind: 'none' },
  stop: { signal: 'SIGTERM', graceSeconds: 1 },
  ...{ onRenew: 'none', runs: 'always', data: true },
});

test('in small time Prometheus has other rules, in a file that it takes up as it runs', () => {
  const { files, liveFiles } = prometheusInSmallTime(spec({ a: '1' }), 'small');
  expect({ files, liveFiles }).toEqual({
    files: { a: '1' },
    liveFiles: { [RULES_FILE]: 'small', other: 'kept' },
  });
});

test('in small time the collector asks ten times as often, and changes nothing else', () => {
  const text = '{"scrape_interval": "15s", "poll_interval": "1s"}';
  expect(collectorInSmallTime(spec({ 'collector.json': text })).files).toEqual({
    'collector.json': '{"scrape_interval": "1500ms", "poll_interval": "1s"}',
  });
});

test('in small time Alertmanager waits a tenth before it tells anybody, a second at least', () => {
  const text = '{"group_interval": "5m", "group_wait": "5s", "repeat_interval": "4h"}';
  expect(alertmanagerInSmallTime(spec({ 'alertmanager.json': text })).files).toEqual({
    'alertmanager.json': '{"group_interval": "30s", "group_wait": "1s", "repeat_interval": "4h"}',
  });
});
