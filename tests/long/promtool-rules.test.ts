import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { checkRules, describeByPromtool, testRules } from '../engines/promtool.ts';
import type { Question, Series } from '../engines/promtool.ts';
import {
  asked,
  healthy,
  LIFETIME_SECONDS,
  outboxAge,
  promtool,
  rules,
} from './promtool-platform.ts';
import { changing, firing, graph, growing, SAMPLES, traffic } from './promtool-values.ts';

const PAYMENT = 'meridian.payments.v1.PaymentsService/AuthorizePayment';
const getProduct = { service: 'catalog', operation: 'GetProduct' };

describeByPromtool('the rules, by promtool', () => {
  test('pass its own check, lint included', () => {
    expect(checkRules(promtool, rules)).toBe('');
  });

  test('are silent where all is well, and where every request takes 199 ms', () => {
    expect(asked(traffic({ ...getProduct, seconds: 0.199 }), firing('30m'), firing('50m'))).toBe(
      '',
    );
  });

  test('send one page where requests take 201 ms, after five minutes, and for as long as it is so', () => {
    const slow = traffic({ ...getProduct, seconds: 0.201 });
    const page = 'ApiLatency gateway critical';
    expect(asked(slow, firing('14m30s'), firing('16m30s', page), firing('50m', page))).toBe('');
  });

  test('count a hundred requests: 2 of them are a page, 1 in 200 is none', () => {
    const page = 'ApiLatency gateway critical';
    const of = (slowShare: number) => traffic({ ...getProduct, seconds: 0.201, slowShare });
    expect(asked(of(0.02), firing('20m', page))).toBe('');
    expect(asked(of(0.005), firing('20m'))).toBe('');
  });

  test('let an operation that declares a slower objective be slower', () => {
    const search = { service: 'search', operation: 'SearchProducts' };
    expect(asked(traffic({ ...search, seconds: 0.4 }), firing('60m'))).toBe('');
    const page = 'LatencyBurnsFast search critical';
    expect(asked(traffic({ ...search, seconds: 0.6 }), firing('60m', page))).toBe('');
  });

  test('page for errors at the service where they begin, and not at those that call it', () => {
    const series = {
      ...traffic({ ...getProduct, errorShare: 0.2 }),
      ...traffic({ service: 'catalog', operation: 'ReserveStock', errorShare: 0.2 }),
      ...traffic({ service: 'orders', operation: 'CreateOrder', errorShare: 0.2 }),
    };
    expect(asked(series, firing('40m', 'AvailabilityBurnsFast catalog critical'))).toBe('');
  });

  test('send two pages for two faults that do not depend on each other', () => {
    const series = {
      ...traffic({ service: 'payments', operation: 'AuthorizePayment', errorShare: 0.2 }),
      ...traffic({ service: 'identity', operation: 'CreateSession', errorShare: 0.2 }),
      ...traffic({ service: 'orders', operation: 'CreateOrder', errorShare: 0.2 }),
    };
    const pages = ['payments', 'identity'].map((name) => `AvailabilityBurnsFast ${name} critical`);
    expect(asked(series, firing('40m', ...pages))).toBe('');
  });

  test('wake nobody for one or two requests that failed, however few there were, and for more than that', () => {
    const failed = (count: number): Series => ({
      [`rpc_server_call_duration_seconds_count{job="payments",rpc_method="${PAYMENT}",rpc_status_code="OK"}`]:
        growing(0.05),
      [`rpc_server_call_duration_seconds_count{job="payments",rpc_method="${PAYMENT}",rpc_status_code="UNAVAILABLE"}`]: `0x60 ${count}x${SAMPLES}`,
    });
    const page = 'AvailabilityBurnsFast payments critical';
    expect(asked(failed(2), firing('18m'))).toBe('');
    expect(asked(failed(4), firing('18m', page))).toBe('');
  });

  test('page for the gateway where users meet errors that no service has', () => {
    const edge = Object.entries(traffic({ ...getProduct, errorShare: 0.2 })).filter(([series]) =>
      series.startsWith('http_'),
    );
    const page = 'AvailabilityBurnsFast gateway critical';
    const series = { ...traffic(getProduct), ...Object.fromEntries(edge) };
    expect(asked(series, firing('40m', page))).toBe('');
  });

  test('never page for the gateway since the edge is scraped before the service, or after it', () => {
    const pages = (service: string, count: number): Question => ({
      at: '60m',
      query: `count(max_over_time(service:alert:is_1{alert="AvailabilityBurnsFast",service="${service}"}[60m:15s]) == 1) or vector(0)`,
      answer: { '{}': count },
    });
    const failing = (fromMinute: number) =>
      traffic({ ...getProduct, errorShare: 0.2, fromMinute, untilMinute: fromMinute + 20 });
    for (const [edgeFrom, serverFrom] of [
      [10, 10.5],
      [10.5, 10],
    ] as const) {
      const edge = Object.entries(failing(edgeFrom)).filter(([name]) => name.startsWith('http_'));
      const series = { ...failing(serverFrom), ...Object.fromEntries(edge) };
      expect(asked(series, pages('catalog', 1), pages('gateway', 0))).toBe('');
    }
  });

  test('write no ticket for what was paged, though its windows remember it for hours', () => {
    const series = traffic({ ...getProduct, errorShare: 0.2, untilMinute: 20 });
    const page = 'AvailabilityBurnsFast catalog critical';
    expect(asked(series, firing('18m', page), firing('70m'), firing('95m'))).toBe('');
  });

  test('write no ticket for those who suffered from a service that was away', () => {
    const seen = (instance: string) => [
      `up{job="catalog",instance="${instance}"}`,
      `1x39 0x39 1x${SAMPLES}`,
    ];
    const series = {
      ...traffic({
        service: 'orders',
        operation: 'CreateOrder',
        errorShare: 0.2,
        untilMinute: 20,
      }),
      ...(Object.fromEntries([seen('a'), seen('b')]) as Series),
    };
    const page = 'ServiceAway catalog critical';
    expect(asked(series, firing('18m', page), firing('70m'), firing('95m'))).toBe('');
  });

  test('write one ticket for a zone that is away, and none for each replica that it took along', () => {
    const gone = graph.services.flatMap(({ name }) => [
      [`up{job="${name}",instance="b"}`, `_x${SAMPLES}`],
      [`up{job="${name}",instance="b",zone="b"}`, `1x39 0x80 1x${SAMPLES}`],
    ]);
    const series = Object.fromEntries(gone) as Series;
    const ticket = 'ZoneAway zone-b warning';
    expect(
      asked(series, firing('14m'), firing('16m', ticket), firing('29m', ticket), firing('33m')),
    ).toBe('');
  });

  test('write no ticket for the copies on the broker that a zone took along', () => {
    const gone = graph.services.map(({ name }) => [
      `up{job="${name}",instance="b",zone="b"}`,
      `1x39 0x80 1x${SAMPLES}`,
    ]);
    const series = {
      ...Object.fromEntries(gone),
      'engine_up{engine="kafka",node="b"}': `1x39 0x80 1x${SAMPLES}`,
      'kafka_under_replicated_partitions{job="engine-metrics"}': `0x39 12x90 0x${SAMPLES}`,
    } as Series;
    const ticket = 'ZoneAway zone-b warning';
    expect(asked(series, firing('16m', ticket), firing('29m', ticket), firing('33m'))).toBe('');
  });

  test('write a ticket of a trail that differs, unless events wait to be published', () => {
    const differs = { 'audit_reconciliation_discrepancies{job="audit"}': `0x39 3x${SAMPLES}` };
    const stuck = { [outboxAge('catalog')]: '0x39 0+15x200 0x100' };
    const ticket = 'AuditDiscrepancies audit warning';
    expect(asked(differs, firing('30m', ticket))).toBe('');
    expect(asked({ ...differs, ...stuck }, firing('30m', 'OutboxStuck catalog critical'))).toBe('');
  });

  test('write a ticket where a budget is spent slowly', () => {
    const ticket = 'AvailabilityBurnsSlowly catalog warning';
    expect(asked(traffic({ ...getProduct, errorShare: 0.005 }), firing('60m', ticket))).toBe('');
  });

  test('send one page for a lost broker, whatever waits for it', () => {
    const waiting = ['catalog', 'identity', 'orders', 'payments'].map((name) => [
      outboxAge(name),
      `0x39 0+15x200 0x100`,
    ]);
    const late = ['search', 'orders'].map((name) => [
      `consumer_lag_seconds{job="${name}",topic="catalog.events.v1"}`,
      `0x39 0+15x200 0x100`,
    ]);
    const series = {
      ...Object.fromEntries([...waiting, ...late]),
      'engine_up{engine="kafka",node="a"}': `1x39 0x200 1x100`,
    } as Series;
    const page = 'EngineAway kafka critical';
    expect(
      asked(series, firing('12m', page), firing('30m', page), firing('59m', page), firing('70m')),
    ).toBe('');
  });

  test('never take an engine for away that nobody asks, which is a ticket, and one of three brokers for all of them', () => {
    const nobody = Object.fromEntries(
      ['postgres', 'redis', 'kafka', 'elasticsearch'].map((engine) => [
        `engine_up{engine="${engine}",node="a"}`,
        `1x39 _x${SAMPLES}`,
      ]),
    );
    const unseen = firing('50m', 'EnginesUnseen meridian warning');
    expect(asked(nobody, firing('20m'), unseen)).toBe('');
    const one = {
      'engine_up{engine="kafka",node="b"}': changing(1, 0, 10),
      'kafka_under_replicated_partitions{job="engine-metrics"}': changing(0, 12, 10),
    };
    const ticket = 'KafkaUnderReplicated kafka warning';
    expect(asked(one, firing('13m'), firing('17m', ticket))).toBe('');
  });

  test('say what presses an engine or the machine, and nothing of an engine that is away', () => {
    const pressed = {
      'postgres_connections{job="engine-metrics",state="active"}': changing(100, 950, 10),
      'postgres_connections_max{job="engine-metrics"}': changing(1_000),
      'redis_evicted_keys_total{job="engine-metrics"}': growing(0, 1, 10),
      'elasticsearch_cluster_status{job="engine-metrics",status="red"}': changing(0, 1, 10),
      'system_filesystem_utilization{job="host",mountpoint="/"}': changing(0.5, 0.95, 10),
      'system_filesystem_utilization{job="host",mountpoint="/boot"}': changing(0.5),
      'system_memory_utilization{job="host",state="used"}': changing(0.5, 0.97, 10),
      'process_open_fds{job="orders",instance="a"}': changing(40, 900, 10),
      'process_max_fds{job="orders",instance="a"}': changing(1_024),
    };
    const alerts = [
      ...['PostgresConnections postgres critical', 'ElasticsearchRed elasticsearch critical'],
      ...['RedisEvicts redis warning', 'DiskNearlyFull host warning'],
      ...['MemoryNearlyUsed host warning', 'FilesNearlyUsed orders warning'],
    ];
    expect(asked(pressed, firing('9m'), firing('20m', ...alerts))).toBe('');
    const gone = {
      'engine_up{engine="elasticsearch",node="a"}': changing(1, 0, 10),
      'elasticsearch_cluster_status{job="engine-metrics",status="red"}': changing(0, 1, 10),
    };
    expect(asked(gone, firing('20m', 'EngineAway elasticsearch critical'))).toBe('');
  });

  test('write a ticket while spans are lost, and none for those that nobody receives', () => {
    const lost = (why: string) =>
      `otel_sdk_exporter_span_exported_total{job="orders",error_type="${why}"}`;
    // Each is there at 0 from the start.
    const none = Object.fromEntries(
      ['queue_full', 'refused', 'unreachable'].map((why) => [lost(why), changing(0)]),
    );
    const full = { ...none, [lost('queue_full')]: growing(0, 1, 10, 12) };
    const ticket = 'SpansLost orders warning';
    expect(asked(full, firing('10m'), firing('13m', ticket), firing('25m'))).toBe('');
    const nobody = { ...none, [lost('no_collector')]: growing(0, 1, 10, 12) };
    expect(asked(nobody, firing('13m'))).toBe('');
  });

  test('say within two minutes that nothing is seen any more', () => {
    const all = Object.keys(healthy()).filter((series) => series.startsWith('up{'));
    const blind = Object.fromEntries(all.map((series) => [series, `1x39 _x${SAMPLES}`]));
    const page = 'NothingSeen meridian critical';
    expect(asked(blind, firing('10m'), firing('11m45s', page), firing('30m', page))).toBe('');
  });

  test('send one page for an outbox that is stuck, and none for those who wait for it', () => {
    const stuck = { [outboxAge('catalog')]: `0x39 0+15x240 0x120` };
    const page = 'OutboxStuck catalog critical';
    expect(
      asked(stuck, firing('16m'), firing('19m', page), firing('60m', page), firing('78m')),
    ).toBe('');
  });

  test('send one page for a service that fails, though its events wait for the same reason', () => {
    const series = {
      ...traffic({ service: 'orders', operation: 'CreateOrder', errorShare: 0.5 }),
      'consumer_lag_seconds{job="orders",topic="payments.events.v1"}': changing(0, 60, 11),
    };
    const page = 'AvailabilityBurnsFast orders critical';
    expect(asked(series, firing('25m', page), firing('60m', page))).toBe('');
  });

  test('page where products are not found as they are, though they are published', () => {
    const late = {
      'consumer_lag_seconds{job="search",topic="catalog.events.v1"}': changing(0, 60, 10),
    };
    const page = 'FreshnessSearchFoundBurnsFast search critical';
    expect(asked(late, firing('40m', page))).toBe('');
  });

  test('tell a replica, a service and everything that is not seen apart', () => {
    const one = { 'up{job="catalog",instance="b"}': changing(1, 0, 10) };
    const all = { ...one, 'up{job="catalog",instance="a"}': changing(1, 0, 10) };
    expect(asked(one, firing('20m', 'ReplicaUnseen catalog warning'))).toBe('');
    expect(asked(all, firing('20m', 'ServiceAway catalog critical'))).toBe('');
    const nothing = Object.keys(healthy()).filter((series) => series.startsWith('up{'));
    const blind = Object.fromEntries(nothing.map((series) => [series, `1x39 _x${SAMPLES}`]));
    expect(asked(blind, firing('20m', 'NothingSeen meridian critical'))).toBe('');
  });

  test('page for a certificate that is not renewed, when a quarter of its time is left', () => {
    const expiry = `tls_certificate_not_after_seconds{job="orders",folder="tls"}`;
    const series = { [expiry]: changing(LIFETIME_SECONDS) };
    const page = 'CertificateExpires orders critical';
    expect(asked(series, firing('44m'), firing('47m', page))).toBe('');
  });

  test('say what services declare: a log that has stopped, gaps, discrepancies, dead letters', () => {
    const stopped = { 'audit_log_stopped{job="audit"}': changing(0, 1, 10) };
    expect(asked(stopped, firing('12m', 'AuditLogStopped audit critical'))).toBe('');
    const differing = {
      'audit_gaps{job="audit"}': changing(0, 2, 10),
      'audit_reconciliation_discrepancies{job="audit"}': changing(0, 1, 10),
      'consumer_events_total{job="orders",topic="payments.events.v1",outcome="dead"}': changing(
        0,
        1,
        10,
      ),
    };
    const tickets = ['AuditGaps audit', 'AuditDiscrepancies audit', 'DeadLetters orders'];
    expect(asked(differing, firing('25m', ...tickets.map((each) => `${each} warning`)))).toBe('');
  });

  test('write a ticket where an alert cannot see: a metric is gone, a label has another name, a counter stands still', () => {
    const ticket = 'AlertBlind audit warning';
    const without = (text: string) =>
      Object.fromEntries(Object.entries(healthy()).filter(([series]) => !series.includes(text)));
    const gone = without('audit_gaps{');
    expect(testRules(promtool, [rules], gone, [firing('8m'), firing('25m', ticket)])).toBe('');
    // A release that takes it away starts every replica again: whoever was away for a scrape is not excused for long.
    const started = Object.fromEntries(
      ['a', 'b'].map((replica) => [`up{job="audit",instance="${replica}"}`, changing(0, 1, 0.5)]),
    );
    const released = { ...gone, ...started };
    expect(testRules(promtool, [rules], released, [firing('9m'), firing('25m', ticket)])).toBe('');
    const renamed = Object.entries(healthy()).map(([series, values]) => [
      series.startsWith('consumer_events_total{job="audit"')
        ? series.replace('outcome=', 'result=')
        : series,
      values,
    ]);
    const other = Object.fromEntries(renamed) as Series;
    expect(testRules(promtool, [rules], other, [firing('25m', ticket)])).toBe('');
    const method =
      'rpc_method="meridian.catalog.v1.CatalogService/GetProduct",rpc_status_code="OK"';
    const asking = {
      [`rpc_client_call_duration_seconds_count{job="gateway",${method}}`]: growing(1),
    };
    expect(asked(asking, firing('25m', 'AlertBlind catalog warning'))).toBe('');
    const counted = {
      [`rpc_server_call_duration_seconds_count{job="catalog",${method}}`]: growing(1),
    };
    expect(asked({ ...asking, ...counted }, firing('25m'))).toBe('');
    const calls = without('rpc_client_call_duration_seconds_count{');
    const called = graph.services.filter(({ name }) =>
      graph.calls.some(({ from, to }) => from === 'gateway' && to === name),
    );
    const blind = called.map(({ name }) => `AlertBlind ${name} warning`);
    expect(testRules(promtool, [rules], calls, [firing('8m'), firing('25m', ...blind)])).toBe('');
  });

  test.each([0.2, 0.008, 0.004, 0.0015, 0.0005])(
    'agree with what Sloth generates for an equal objective, where a share of %d fails',
    (errorShare) => {
      const sloth = readFileSync(
        path.join(import.meta.dirname, 'sloth/gen/availability.rules.yaml'),
        'utf8',
      );
      const difference = (severity: 'page' | 'ticket', at: string): Question => ({
        at,
        query: `(count(ALERTS{alertname="Sloth",sloth_severity="${severity}"}) or vector(0)) - max(slo:burning_${severity}:is_1{service="catalog",slo="availability",at="server"})`,
        answer: { '{}': 0 },
      });
      // None at which a window's share is just that of a threshold.
      const moments = ['9m', '25m', '46m', '60m'];
      const questions = moments.flatMap((at) => [difference('page', at), difference('ticket', at)]);
      const factor = errorShare / 0.001;
      const known = (severity: 'page' | 'ticket', least: number): Question => ({
        at: '60m',
        query: `max(slo:burning_${severity}:is_1{service="catalog",at="server"})`,
        answer: { '{}': factor > least ? 1 : 0 },
      });
      // Ten of sixty minutes were good.
      questions.push(known('page', 6 * 1.2), known('ticket', 1 * 1.2));
      const series = traffic({ ...getProduct, errorShare });
      expect(testRules(promtool, [rules, sloth], series, questions)).toBe('');
    },
  );

  test('know nothing where nothing is emitted: no alert, and no 0 that says that all is well', () => {
    const query =
      'count(service:alert:is_1{alert=~"AuditGaps|ApiLatency|LatencyBurnsFast|OutboxStuck"})';
    const only = { 'up{job="catalog",instance="a"}': changing(1) };
    expect(testRules(promtool, [rules], only, [{ at: '30m', query, answer: {} }])).toBe('');
  });
});
