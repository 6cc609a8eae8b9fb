import { expect, test } from '@jest/globals';
import { describeByPromtool, testRules } from '../engines/promtool.ts';
import type { Series } from '../engines/promtool.ts';
import { answerAge, asked, healthy, probedWrites, promtool, rules } from './promtool-platform.ts';
import { changing, firing, graph, growing, SAMPLES } from './promtool-values.ts';

describeByPromtool('rules of probes', () => {
  const zones = graph.zones.map(({ name }) => name);
  const unanswered = (...of: readonly string[]) =>
    Object.fromEntries(of.map((zone) => [answerAge(zone), changing(7, 60, 10)]));
  const without = (...series: readonly string[]) =>
    Object.fromEntries(Object.entries(healthy()).filter(([each]) => !series.includes(each)));

  test('send one page where no zone is answered, though no user asks', () => {
    const page = 'EdgeUnreachable edge critical';
    expect(
      asked(unanswered(...zones), firing('10m45s'), firing('12m', page), firing('40m', page)),
    ).toBe('');
  });

  test('write a ticket where one zone is not answered and others are', () => {
    const ticket = 'EdgeUnreachableFromZone zone-b warning';
    expect(asked(unanswered('b'), firing('14m'), firing('16m', ticket))).toBe('');
  });

  test('say nothing of the edge where its gateways are away, or another service', () => {
    const gone = (service: string) => ({
      [`up{job="${service}",instance="a"}`]: changing(1, 0, 10),
      [`up{job="${service}",instance="b"}`]: changing(1, 0, 10),
    });
    const series = { ...unanswered(...zones), ...gone('gateway') };
    expect(asked(series, firing('30m', 'ServiceAway gateway critical'))).toBe('');
    const both = ['ServiceAway catalog critical', 'EdgeUnreachable edge critical'];
    const two = { ...unanswered(...zones), ...gone('catalog') };
    expect(asked(two, firing('30m', ...both))).toBe('');
  });

  test('write a ticket where a zone with services has none, and none for a zone that is away', () => {
    const there = { 'up{job="catalog",instance="b",zone="b"}': changing(1) };
    const blind = { ...without(answerAge('b')), ...there };
    const ticket = 'AlertBlind probe warning';
    expect(testRules(promtool, [rules], blind, [firing('8m'), firing('25m', ticket)])).toBe('');
    const gone = {
      ...without(answerAge('b'), 'up{job="catalog",instance="b"}'),
      [answerAge('b')]: `7x39 _x${SAMPLES}`,
      'up{job="catalog",instance="b",zone="b"}': changing(1, 0, 10),
      'up{job="catalog",instance="c"}': changing(1),
    };
    expect(
      testRules(promtool, [rules], gone, [
        firing('25m', 'ZoneAway zone-b warning'),
        firing('45m', 'ZoneAway zone-b warning'),
      ]),
    ).toBe('');
  });

  test('write a ticket where all that they write is refused', () => {
    const some = { [probedWrites('refused')]: growing(0.01) };
    const ticket = 'AlertBlind probe warning';
    const all = { ...some, [probedWrites('ok')]: changing(0) };
    expect(asked(all, firing('40m', ticket))).toBe('');
    expect(asked(some, firing('40m'))).toBe('');
  });

  test.each(['ok', 'refused'] as const)(
    'write a ticket where nobody counts what they write: %s',
    (outcome) => {
      const uncounted = without(probedWrites(outcome));
      const ticket = 'AlertBlind probe warning';
      const said = [firing('8m'), firing('25m', ticket)];
      expect(testRules(promtool, [rules], uncounted, said)).toBe('');
    },
  );

  test('keep one failed request of few users from being told', () => {
    const ofUsers = 10 / 3_600;
    const series = (perSecond: number): Series => {
      const node = graph.services.find(({ name }) => name === 'catalog');
      const method = `rpc_method="${node?.contract ?? ''}/ListProducts"`;
      const server = `rpc_server_call_duration_seconds_count{job="catalog",${method}`;
      return {
        [`${server},rpc_status_code="OK"}`]: growing(perSecond),
        [`${server},rpc_status_code="UNAVAILABLE"}`]: `0x379 1x21`,
      };
    };
    const probed = ofUsers + (4 * zones.length) / 60;
    expect(asked(series(probed), firing('97m'), firing('99m30s'))).toBe('');
  });
});
