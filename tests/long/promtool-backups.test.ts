import { expect, test } from '@jest/globals';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { describeByPromtool } from '../engines/promtool.ts';
import type { Series } from '../engines/promtool.ts';
import { answers, during, rulesOf, servicesUp } from './promtool-chosen.ts';
import { LIFETIME_SECONDS } from './promtool-platform.ts';
import { firing, graph } from './promtool-values.ts';

const APART_SECONDS = 2 * 3_600;
const HOURS = 9;

const all = platformRules(graph, {
  certificateLifetimeSeconds: LIFETIME_SECONDS,
  archive: { copiesApartSeconds: APART_SECONDS },
});
const rules = rulesOf(all, ['ArchiveBehind', 'NoRestorePoint', 'BackupOld']);

const UP = 'engine_up{engine="postgres",node="postgres"}';
const WAITING = 'postgres_archive_waiting_age_seconds{job="engine-metrics"}';
const of = (name: string) => `barman_cloud_cloudnative_pg_io_${name}{job="postgres",instance="a"}`;
const FIRST = of('first_recoverability_point');
const LAST = of('last_available_backup_timestamp');

/** Promtool begins at 0, as a clock that has never been set: a copy of the first minute, and another one hours later. */
const HEALTHY: Series = {
  ...servicesUp(HOURS),
  [UP]: during(['1', HOURS]),
  [WAITING]: during(['30', HOURS]),
  [FIRST]: during(['60', HOURS]),
  [LAST]: during(['60', 4], [String(4 * 3_600), HOURS - 4]),
};
const asked = (series: Series, ...questions: readonly ReturnType<typeof firing>[]): string =>
  answers(rules, { ...HEALTHY, ...series }, ...questions);

const BEHIND = 'ArchiveBehind postgres critical';
const NOTHING = 'NoRestorePoint postgres critical';
const OLD = 'BackupOld postgres warning';

describeByPromtool('alerts on backups', () => {
  test('are silent where copies come and the log goes to the archive', () => {
    expect(asked({}, firing('3h'), firing('8h'))).toBe('');
  });

  test('page where changes wait for the archive, and when it takes none at all', () => {
    const waiting = during(['30', 1], ['601', 1], ['0', HOURS - 2]);
    expect(
      asked(
        { [WAITING]: waiting },
        ...[firing('60m'), firing('67m', BEHIND), firing('119m', BEHIND), firing('127m')],
      ),
    ).toBe('');
    const never = { [WAITING]: during(['30', 1], ['_', HOURS - 1]) };
    expect(asked(never, firing('60m'), firing('80m', BEHIND))).toBe('');
  });

  test('say nothing of an archive while the server is away', () => {
    const away = {
      [UP]: during(['1', 1], ['0', 1], ['1', HOURS - 2]),
      [WAITING]: during(['30', 1], ['_', 1], ['0', HOURS - 2]),
    };
    expect(asked(away, firing('80m'), firing('125m'), firing('5h'))).toBe('');
  });

  test('page where nothing could be restored: no copy is there, or nobody says so', () => {
    for (const value of ['0', '_']) {
      const none = { [FIRST]: during([value, HOURS]), [LAST]: during([value, HOURS]) };
      expect(asked(none, firing('60m'), firing('3h', NOTHING), firing('8h', NOTHING))).toBe('');
    }
  });

  test('write a ticket where the last copy is older than its schedule allows, and none while one is made', () => {
    const missed = { [LAST]: during(['60', 8], [String(7.5 * 3_600), HOURS - 8]) };
    expect(asked(missed, firing('6h'), firing('7h30m', OLD), firing('8h30m'))).toBe('');
  });
});
