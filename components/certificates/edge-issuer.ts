import { CodedError } from '@meridian/language/coded-error.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { ownIssuers } from './issuers.ts';

/**
 * Refuses an issuer for the edge that is one of the platform's own: it would sign what users see by an authority
 * that services or engines trust, or would not be there, as the edge's own is made only where no other is named.
 *
 * @throws {CodedError} SETTINGS_INVALID
 */
export function checkEdgeIssuer({ graph, settings }: KubernetesContext): void {
  const { issuer } = settings.edge;
  const own = ownIssuers(graph);
  if (issuer === undefined || !own.includes(issuer)) return;
  const problem = `Setting 'meridian:edgeIssuer': must be a ClusterIssuer of the cluster's owner and none of the platform's own (${own.map((name) => `'${name}'`).join(', ')}), got '${issuer}'; set another one in ${settings.file}, or leave it out for an authority of the edge's own`;
  throw new CodedError('SETTINGS_INVALID', problem, { problems: [problem] });
}
