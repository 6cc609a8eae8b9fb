import { beforeAll, describe, expect, test } from '@jest/globals';
import type { DeclaredPlatform } from '../../../infra/declared-file.ts';
import type { Finding } from '../finding.ts';
import { graphFindings } from './graph-findings.ts';
import { isDeclaredPlatform } from './is-declared-platform.ts';
import { copies } from './testing/copies.ts';
import { declaredNow } from './testing/declared-now.ts';

let base: DeclaredPlatform;
beforeAll(async () => {
  base = await declaredNow();
});

/** A copy that can be written to. */
type Writable<Value> = Value extends object
  ? { -readonly [Member in keyof Value]: Writable<Value[Member]> }
  : Value;

function findingsOf(change: (head: Writable<DeclaredPlatform>) => void): readonly Finding[] {
  const head = structuredClone(base) as Writable<DeclaredPlatform>;
  change(head);
  return graphFindings(base, head);
}

describe('an alert that is blind', () => {
  test('is one whose metric the code of its service no longer writes', () => {
    const findings = findingsOf(({ emits }) => {
      emits['audit'] = (emits['audit'] ?? []).filter((one) => one !== 'audit_log_stopped');
    });
    expect(findings).toContainEqual({
      kind: 'page-blind',
      subject: 'AuditLogStopped of audit',
      among: 'alerts',
      property: 'what it reads',
      before: 'audit_log_stopped of audit',
      after: 'written by nothing',
      consequence:
        'it never fires, whatever happens: The audit log seals nothing any more: auditors cannot prove what happens from now on',
      from: { declaration: 'service audit', member: 'alerts', word: 'AuditLogStopped' },
    });
  });

  test('is told once, and not again of a base that was blind', () => {
    const blind = structuredClone(base) as Writable<DeclaredPlatform>;
    blind.emits['audit'] = [];
    const head = structuredClone<Writable<DeclaredPlatform>>(blind);
    head.emits['catalog'] = [...(head.emits['catalog'] ?? []), 'audit_gaps'];
    const kinds = graphFindings(blind, head);
    expect(kinds).toEqual([]);
  });
});

describe('an objective', () => {
  const withAvailability = (percent: number): readonly string[] =>
    findingsOf(({ graph }) => {
      const payments = graph.services.find(({ name }) => name === 'payments');
      if (payments !== undefined) payments.objectives.availabilityPercent = percent;
    })
      .filter(({ from }) => from?.member === 'objectives')
      .map(({ kind, property = '', consequence }) => `${kind} ${property}: ${consequence}`);

  test('that is so loose that its page can never fire is a blind page', () => {
    expect(withAvailability(99)).toEqual(['objective-loosened availability: its page comes later']);
    expect(withAvailability(90)).toEqual([
      'page-blind availability: its fast page can never fire: it waits for 144 % errors',
    ]);
    expect(withAvailability(80)).toEqual([
      'page-blind availability: no page of it can ever fire: it waits for 288 % errors',
    ]);
  });
});

describe('a call that is new', () => {
  const path = '/meridian.payments.v1.PaymentsService/ListBalances';
  /** What is told of a call of it, by how requests that can lead to it come in. */
  const told = (from: string, entries: readonly string[]): string => {
    const findings = findingsOf(({ graph }) => {
      graph.calls.push({ from, to: 'payments', methods: [path] });
      graph.allow['payments']?.[path]?.push(from);
      graph.allow['payments']?.[path]?.sort();
      const ofPayments = (graph.entries['payments'] ??= {});
      (ofPayments[path] ??= {})[from] = [...entries];
    });
    return findings.find(({ kind }) => kind === 'call-added')?.consequence ?? '';
  };
  const CHECKPOINT = '/meridian.audit.v1.AuditService/GetCheckpoint';
  const SEARCH = '/meridian.search.v1.SearchService/SearchProducts';

  test('opens a connection only where there was none between the two', () => {
    expect(told('search', [])).toBe(
      'opens a NetworkPolicy and an allow-list; no path from a user uses it',
    );
    expect(told('orders', [])).toBe(
      'is one method more on an allow-list; no path from a user uses it',
    );
  });

  test('names each audience with routes of its own, the widest first, and none twice', () => {
    const checkpoint = told('search', [CHECKPOINT]);
    expect(checkpoint).toMatch(/role auditor can lead to it by GET \/v1\/audit\/checkpoint$/);
    expect(told('search', [CHECKPOINT, SEARCH])).toMatch(
      /; anybody can lead to it by GET \/v1\/[\w:/-]+$/,
    );
  });
});

describe('an alert that fires below a limit', () => {
  test('is told by the side on which it fires', () => {
    const isBelow = base.alerts.find((alert) => alert.isBelow);
    const findings = findingsOf(({ alerts }) => {
      const alert = alerts.find(
        ({ name, service }) => name === isBelow?.name && service === isBelow.service,
      );
      if (alert !== undefined) alert.threshold /= 2;
    });
    expect(findings).toMatchObject([
      { kind: 'alert-loosened', property: 'fires below', consequence: 'it fires later or never' },
    ]);
  });
});

describe('what a head says of itself', () => {
  test('is not believed where a write is called a read', () => {
    const findings = findingsOf((head) => {
      const path = '/meridian.payments.v1.PaymentsService/RefundPayment';
      const shape = head.contracts.methods[path];
      if (shape !== undefined) shape.writes = false;
      head.graph.calls.push({ from: 'search', to: 'payments', methods: [path] });
      const callers = head.graph.allow['payments']?.[path];
      callers?.push('search');
      callers?.sort();
    });
    expect(findings.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      expect.arrayContaining([
        'contract-broken payments.RefundPayment',
        'writer-added search → payments.RefundPayment',
      ]),
    );
  });

  test('is a danger where an allow-list has somebody whom no call names', () => {
    const findings = findingsOf(({ graph }) => {
      graph.allow['payments']?.['/meridian.payments.v1.PaymentsService/RefundPayment']?.push(
        'search',
      );
    });
    expect(findings).toEqual([
      expect.objectContaining({ kind: 'writer-added', subject: 'payments: allow' }),
    ]);
  });

  test('is unknown where a table of access lets in others than the graph', () => {
    const findings = findingsOf(({ access }) => {
      const row = access['orders']?.['RefundOrder'];
      if (row !== undefined) row.customer = 'OK';
    });
    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'unknown-change',
        subject: 'customer → orders.RefundOrder: access',
      }),
    ]);
  });

  test('is unknown where an alert asks something else, and no declaration says why', () => {
    const findings = findingsOf(({ alerts }) => {
      const [alert] = alerts.filter(({ name }) => name === 'OutboxStuck');
      if (alert !== undefined) alert.asks = ['vector(0)', 'vector(0)'];
    });
    expect(findings.map(({ kind }) => kind)).toEqual(['unknown-change']);
  });
});

describe('what a program writes', () => {
  test('is what it declares where every member is there', () => {
    expect(isDeclaredPlatform(base)).toBe(true);
  });

  test.each(['graph', 'contracts', 'access', 'alerts', 'emits', 'positions'] as const)(
    'is not without %s, or with another thing for it',
    (member) => {
      expect(isDeclaredPlatform({ ...base, [member]: undefined })).toBe(false);
      expect(isDeclaredPlatform({ ...base, [member]: null })).toBe(false);
      expect(isDeclaredPlatform({ ...base, [member]: member === 'alerts' ? {} : [] })).toBe(false);
    },
  );

  test('is not a graph without services, nor anything else', () => {
    const graph = { ...base.graph, services: undefined };
    expect(isDeclaredPlatform({ ...base, graph })).toBe(false);
    for (const other of [null, undefined, 'graph', [], 1]) {
      expect(isDeclaredPlatform(other)).toBe(false);
    }
  });
});

describe('a platform of many services', () => {
  test('is told of one that changes as a small one is', () => {
    const large = copies(base, 10);
    const changed = (platform: DeclaredPlatform) => {
      const head = structuredClone(platform) as Writable<DeclaredPlatform>;
      const payments = head.graph.services.find(({ name }) => name === 'payments');
      if (payments !== undefined) payments.scale.minReplicas = 3;
      const path = '/meridian.payments.v1.PaymentsService/ListPayments';
      head.graph.calls.push({ from: 'search', to: 'payments', methods: [path] });
      head.graph.allow['payments']?.[path]?.push('search');
      return graphFindings(platform, head);
    };
    expect(large.graph.services).toHaveLength(70);
    expect(changed(large)).toEqual(changed(base));
    expect(changed(base)).not.toEqual([]);
  });
});
