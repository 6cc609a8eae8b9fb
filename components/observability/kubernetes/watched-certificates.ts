import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { OperatorScrape, OwnCertificate } from '../../cluster/operator.ts';
import { installedHere, operators } from '../../cluster/operators.ts';
import type { KubernetesContext, KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { PolicyRule } from '../../kubernetes/network-policy.ts';
import { promql, series } from '../rules/promql.ts';
import type { ExpiryWatch } from '../rules/certificate-alerts.ts';

/**
 * Certificates that operators of this stack have made for themselves. Those of operators that others have installed are
 * theirs to watch.
 */
export function ownCertificates(context: KubernetesLowering): readonly OwnCertificate[] {
  return installedHere(context, operators(context)).flatMap(
    ({ certificates = [] }) => certificates,
  );
}

/** Where a certificate is shown, as who asks is told it: `name=host:port`. */
export function endpointOf(
  { settings }: Pick<KubernetesContext, 'settings'>,
  { name, service, namespace, port }: OwnCertificate,
): string {
  return `${name}=${service}.${namespace}.svc.${settings.clusterDomain}:${port}`;
}

/** The way to a certificate, past its Service. */
export function towards({ namespace, pods, podPort }: OwnCertificate): PolicyRule {
  return { peers: [{ namespace, pods }], ports: [podPort] };
}

/** All of a stack whose end is told by somebody, beside those of cert-manager; undefined where nobody here installs any. */
export function watchedExpiries(context: KubernetesLowering): readonly ExpiryWatch[] | undefined {
  const installed = installedHere(context, operators(context));
  if (installed.length === 0) return undefined;
  return [
    ...ownCertificates(context).map(({ name, renewedBeforeSeconds }) => ({
      name,
      endsAt: promql`min(${series(METRIC_REGISTRY.servedCertificateExpiry, { endpoint: name })})`,
      renewedBeforeSeconds,
    })),
    ...installed.flatMap(({ expiries = [] }) => expiries),
  ];
}

/** How metrics of operators are asked for, by the namespace of each. */
export function operatorScrapes(
  context: KubernetesLowering,
): readonly (OperatorScrape & { readonly job: string; readonly namespace: string })[] {
  return installedHere(context, operators(context)).flatMap(({ scrape, chart }) =>
    scrape === undefined ? [] : [{ ...scrape, job: chart.name, namespace: chart.namespace }],
  );
}
