import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Severity } from '../../model/alert.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { threshold } from './alert.ts';
import type { Alert, AlertOfService } from './alert.ts';
import { minutes, promql, series } from './promql.ts';
import type { Query } from './promql.ts';
import { unseenAlert } from './unseen-alert.ts';

/** A certificate whose end is known, and what its maker promises. */
export interface ExpiryWatch {
  /** By which alerts know it. */
  readonly name: string;
  /** Seconds since 1970, without a label. */
  readonly endsAt: Query;
  /** How long before its end it is renewed, in seconds. */
  readonly renewedBeforeSeconds: number;
}

/** The certificates of cert-manager, as alerts name them together. */
const ISSUED = 'certificates';

/** Of the time between its renewal and its end. */
const LATE_SHARE = 0.2;
const ENDING_SHARE = 0.5;

/** As many as a page has room for. */
const SHOWN = 5;

const UNSEEN_FOR = minutes(30);

const { issuedCertificateExpiry, issuedCertificateRenewal } = METRIC_REGISTRY;

/**
 * That a certificate of a cluster was not renewed when it should have been: those of cert-manager, each by its own times, and
 * those that operators make for themselves. How late it is counts as a share of the time between renewal and end, so that
 * one of an hour and one of ten years have one limit. None where no certificates are said to be watched.
 */
export function expiryAlerts(
  graph: PlatformGraph,
  watched: readonly ExpiryWatch[] | undefined,
): readonly Alert[] {
  if (watched === undefined) return [];
  return [
    late(graph, watched, {
      ...{ name: 'CertificateLate', severity: 'ticket', share: LATE_SHARE },
      feels: 'Nobody feels it yet: SERVICE should have been renewed, and was not',
      limit: 'a fifth of the time between its renewal and its end has gone, for 2 minutes',
    }),
    late(graph, watched, {
      ...{ name: 'CertificateEnds', severity: 'page', share: ENDING_SHARE },
      feels: 'Soon nothing that needs SERVICE connects: it ends, and is not renewed',
      limit: 'half of the time between its renewal and its end has gone, for 2 minutes',
    }),
    unseen(graph, watched),
  ];
}

interface Lateness {
  readonly name: string;
  readonly severity: Severity;
  readonly share: number;
  readonly feels: string;
  readonly limit: string;
}

function late(
  graph: PlatformGraph,
  watched: readonly ExpiryWatch[],
  { name, severity, share, feels, limit }: Lateness,
): Alert {
  const { owner } = edgeService(graph);
  const of = (service: string, value: Query): AlertOfService => {
    const span = minutes(2);
    const given = { alert: name, service, value, comparison: '>' as const, limit: share, span };
    return { service, owner, ...threshold(given) };
  };
  return {
    ...{ name, feels, severity, limit, runbook: 'certificate-expires', unit: 'percent' },
    of: [
      of(ISSUED, lateShareOfIssued()),
      ...watched.map((each) => of(each.name, lateShareOf(each))),
    ],
  };
}

/** Of each Certificate, by its name where an alert has an operation; one that was never issued has no times yet. */
function lateShareOfIssued(): Query {
  const ends = promql`max by (name) (${series(issuedCertificateExpiry)} > 0)`;
  const renewed = promql`max by (name) (${series(issuedCertificateRenewal)} > 0)`;
  const share = promql`(time() - ${renewed}) / (${ends} - ${renewed})`;
  return promql`label_replace(topk(${SHOWN}, ${share}), "operation", "$1", "name", "(.+)")`;
}

function lateShareOf({ endsAt, renewedBeforeSeconds }: ExpiryWatch): Query {
  return promql`1 - (${endsAt} - time()) / ${renewedBeforeSeconds}`;
}

/** That nobody says when certificates end: one that does would not be told. */
function unseen(graph: PlatformGraph, watched: readonly ExpiryWatch[]): Alert {
  const issued = promql`max(${series(issuedCertificateExpiry)})`;
  return unseenAlert(graph, {
    name: 'CertificatesUnseen',
    feels:
      'Nobody feels it yet: nobody says when certificates end, so that one which does is not told',
    runbook: 'certificate-expires',
    limit: 'any certificate or authority of which nothing is known, for 30 minutes',
    reads: [issued, ...watched.map(({ endsAt }) => endsAt)].map((read) => promql`(${read})`),
    span: UNSEEN_FOR,
  });
}
