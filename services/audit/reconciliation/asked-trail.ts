import type { Clients } from '@meridian/kit/clients.ts';
import { EntryKind } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { largestPage } from './pages.ts';
import type { auditReconciliation } from './task.ts';
import type { Trail } from './trail.ts';

/** The trail as the audit service tells it. */
export function askedTrail(
  { listHistories }: Clients<typeof auditReconciliation>['audit'],
  options: { readonly signal: AbortSignal },
): Trail {
  return {
    page: async ({ source, subjects = [], place: pageToken = '' }) => {
      const { entries, nextPageToken } = await largestPage((pageSize) =>
        listHistories({ source, subjects: [...subjects], pageSize, pageToken }, options),
      );
      return {
        entries: entries.map(({ kind, eventId: id, type, subject, version, data, archived }) => ({
          ...{ kind: kind === EntryKind.BASELINE ? 'baseline' : 'event', id, type, subject },
          ...{ version, data, archived },
        })),
        next: nextPageToken === '' ? undefined : nextPageToken,
      };
    },
  };
}
