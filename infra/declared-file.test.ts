import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { landed } from '@meridian/components/model/landed.ts';
import { localSettings } from '../stacks/local.ts';
import { DECLARED_FILE_VARIABLE } from './declared-file-variable.ts';
import { writeDeclared } from './declared-file.ts';
import type { DeclaredPlatform } from './declared-file.ts';
import { declared, platform } from './platform-graph.ts';

const programFolder = path.dirname(import.meta.dirname);
const settings = localSettings({});
const graph = landed(platform(settings));
const parts = { graph, declared, settings, stack: 'local', programFolder };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-declared-'));
});
afterEach(() => {
  Reflect.deleteProperty(process.env, DECLARED_FILE_VARIABLE);
  rmSync(folder, { recursive: true });
});

async function written(): Promise<DeclaredPlatform> {
  const file = path.join(folder, 'declared.json');
  process.env[DECLARED_FILE_VARIABLE] = file;
  await writeDeclared(parts);
  return JSON.parse(readFileSync(file, 'utf8')) as DeclaredPlatform;
}

describe('the file of what is declared', () => {
  test('has the landed graph and the whole one', async () => {
    const file = await written();
    expect(file.graph).toEqual(graph);
    expect(file.graph.declared.services.length).toBeGreaterThan(0);
  });

  test('has a position of everything that has a name, and each file is there', async () => {
    const { positions } = await written();
    const { services, tasks, topics, externals } = graph.declared;
    const named = [
      'stack local',
      ...services.map(({ name }) => `service ${name}`),
      ...services.flatMap(({ stores }) => stores.map(({ binding }) => `store ${binding}`)),
      ...tasks.map(({ name }) => `task ${name}`),
      ...topics.map(({ name }) => `topic ${name}`),
      ...externals.map(({ name }) => `external ${name}`),
    ];
    expect(Object.keys(positions).toSorted()).toEqual(named.toSorted());
    for (const { file, line } of Object.values(positions)) {
      const text = readFileSync(path.join(programFolder, file), 'utf8').split('\n')[line - 1];
      expect(text).toBeDefined();
    }
    expect(positions['service catalog']?.file).toBe('services/catalog/service.ts');
  });

  test('says which methods write, what messages have, and who gets what', async () => {
    const { contracts, access } = await written();
    const path = (method: string) => `/meridian.payments.v1.PaymentsService/${method}`;
    expect(contracts.methods[path('ListPayments')]?.writes).toBe(false);
    expect(contracts.methods[path('RefundPayment')]?.writes).toBe(true);
    expect(contracts.events['payments.events.v1']).toEqual(['meridian.payments.v1.PaymentChanged']);
    expect(contracts.messages['meridian.payments.v1.PaymentChanged']).not.toHaveLength(0);
    expect(access['orders']?.['RefundOrder']?.customer).toBe('PERMISSION_DENIED');
  });

  test('has the alerts of the stack, each for a service once', async () => {
    const { alerts } = await written();
    expect(alerts.find(({ name }) => name === 'AuditLogStopped')).toMatchObject({
      severity: 'page',
      service: 'audit',
      threshold: 0,
      watches: [{ metric: 'audit_log_stopped', of: 'audit' }],
    });
    expect(new Set(alerts.map(({ name, service }) => `${name} ${service}`)).size).toBe(
      alerts.length,
    );
  });

  test('knows which metrics the code of a service writes: all that its alerts are made of', async () => {
    const { alerts, emits } = await written();
    expect(emits['audit']).toContain('audit_gaps');
    expect(emits['catalog']).not.toContain('audit_gaps');
    const unwritten = alerts.flatMap(({ name, watches }) =>
      watches
        .filter(({ metric, of }) => metric !== 'up' && emits[of]?.includes(metric) === false)
        .map(({ metric, of }) => `${name}: ${metric} of ${of}`),
    );
    expect(unwritten).toEqual([]);
  });

  test('is written for nobody who does not ask for it', async () => {
    process.env[DECLARED_FILE_VARIABLE] = '';
    await writeDeclared(parts);
    Reflect.deleteProperty(process.env, DECLARED_FILE_VARIABLE);
    await writeDeclared(parts);
    expect(existsSync(path.join(folder, 'declared.json'))).toBe(false);
  });
});
