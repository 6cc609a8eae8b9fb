import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Session } from '@meridian/kit/postgres/database.ts';
import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { enterStates } from '../baseline/enter-states.ts';
import { AuditService, EntryKind } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import type { EntrySchema } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import type { StoredEvent } from '../stored-event.ts';
import { HistoryStore } from './history-store.ts';

/** Entries on a page when the request does not say. */
const PAGE_SIZE_DEFAULT = 500;

/** The methods that reconciliation and the baseline are made with. */
export function historyHandlers({
  session,
  pages,
}: {
  readonly session: Session;
  readonly pages: PageTokens;
}): Pick<Handlers<typeof AuditService>, 'listHistories' | 'importBaseline'> {
  const { listHistories } = AuditService.method;
  const histories = new HistoryStore(session);
  return {
    async listHistories(request, call) {
      const { source, subjects } = request;
      const place = await pages.place(listHistories, request, call);
      const { events, next } = await histories.list({
        ...{ source, subjects, limit: pageSizeOf(request, PAGE_SIZE_DEFAULT) },
        place,
      });
      return {
        entries: events.map(toListed),
        nextPageToken:
          next === undefined ? '' : await pages.next(listHistories, request, call, next),
      };
    },

    async importBaseline({ states }) {
      return { importedCount: await enterStates(session, states) };
    },
  };
}

function toListed(event: StoredEvent): MessageInitShape<typeof EntrySchema> {
  const { kind, id: eventId, source, type, subject, version, causationId, correlationId } = event;
  return {
    ...{ eventId, source, type, subject, correlationId, data: event.data },
    archived: event.archivedLeaf !== undefined,
    eventTime: timestampFromDate(event.time),
    kind: kind === 'baseline' ? EntryKind.BASELINE : EntryKind.EVENT,
    ...(version === undefined ? {} : { version }),
    ...(causationId === undefined ? {} : { causationId }),
  };
}
