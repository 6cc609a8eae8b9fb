import type { EvidenceKind, Finding } from './finding.ts';

/** The file in docs/runbooks, without its `.md`, of what broke first. */
export function runbookOf({ kind, id, evidence }: Finding): string {
  const has = (wanted: EvidenceKind): boolean => evidence.some((each) => each.kind === wanted);
  if (kind === 'engine') return 'engine-away';
  if (kind === 'zone') return 'zone-away';
  if (kind === 'service') {
    if (has('itself')) return 'api-latency';
    return has('certificate') ? 'certificate-expires' : 'service-away';
  }
  if (has('waits')) return isOfTopic(id) ? 'outbox-stuck' : 'freshness';
  return has('locks') ? 'postgres-pressure' : 'error-budget';
}

/** An edge that leads to a topic, and not from one. */
function isOfTopic(edge: string): boolean {
  return edge.split('>')[1]?.includes('.events.') === true;
}

/** The command that tells more of what broke first. */
export function nextCommand({ kind, id }: Finding): string {
  switch (kind) {
    case 'zone':
      return 'npm run status';
    case 'engine':
      return `npm run logs -- ${id}`;
    case 'service':
      return `npm run logs -- --service ${id} --level warn`;
    case 'edge': {
      const [from = '', to = ''] = id.split('>');
      const service = from === 'users' || from.includes('.events.') ? to : from;
      return `npm run logs -- --service ${service} --level warn`;
    }
  }
}
