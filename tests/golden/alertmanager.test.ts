import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { alertmanagerConfiguration } from '@meridian/components/observability/paging/alertmanager-configuration.ts';
import { PAGERDUTY_URL } from '@meridian/components/observability/paging/pager.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { amtool, findAmtool } from '../engines/amtool.ts';
import { goldenText } from './golden-file.ts';

const graph = platform(localSettings({}));
const paging = (folder: string) =>
  alertmanagerConfiguration(graph, {
    eventsUrl: PAGERDUTY_URL,
    routingKeyFile: (owner) => `${folder}/${owner}`,
    heartbeat: { url_file: `${folder}/heartbeat-url` },
    consoleUrl: 'https://console.example.com',
  });

test('who is told of what is what was reviewed', () => {
  const { given, golden } = goldenText('alertmanager', paging('/etc/paging'));
  expect(given).toBe(golden);
});

const found = findAmtool();
const program = found ?? '';

(found === undefined ? describe.skip : describe)(
  found === undefined ? 'the routes (amtool is not built here)' : 'the routes, by amtool',
  () => {
    let folder: string;
    let file: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'meridian-paging-'));
      file = join(folder, 'alertmanager.json');
      writeFileSync(file, JSON.stringify(paging(folder)));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test('pass its own check', () => {
      expect(amtool(program, 'check-config', file)).toContain('SUCCESS');
      const bad = join(folder, 'bad.json');
      writeFileSync(bad, JSON.stringify({ ...paging(folder), receivers: [] }));
      expect(amtool(program, 'check-config', bad)).toContain('FAILED');
    });

    test.each([
      [
        'a page',
        ['alertname=EngineAway', 'severity=critical', 'owner=platform-team'],
        'page-platform-team',
      ],
      [
        'a ticket',
        ['alertname=DeadLetters', 'severity=warning', 'owner=platform-team'],
        'ticket-platform-team',
      ],
      ['the heartbeat', ['alertname=Heartbeat', 'severity=none'], 'heartbeat'],
      ['what nobody owns', ['alertname=Other', 'severity=critical'], 'ticket-platform-team'],
    ])('send %s where it belongs', (_what, labels, receiver) => {
      const said = amtool(program, 'config', 'routes', 'test', `--config.file=${file}`, ...labels);
      expect(said.trim()).toBe(receiver);
    });
  },
);
