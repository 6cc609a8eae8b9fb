import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { AuditService } from './contract/gen/meridian/audit/v1/audit_pb.js';
import type { BaselineState } from './contract/gen/meridian/audit/v1/audit_pb.js';
import type { EventStore } from './event-store.ts';
import type { HistoryStore } from './history-store.ts';
import { toHistoryMessage } from './messages.ts';
import type { StoredEvent } from './stored-event.ts';

/** What these methods need. */
export interface HistoryParts {
  readonly pages: PageTokens;
  readonly histories: HistoryStore;
  readonly events: Pick<EventStore, 'add'>;
  /** Is called when there are new events. */
  readonly kept: () => void;
}

const PAGE_SIZE_DEFAULT = 500;

type HistoryMethod = 'listHistories' | 'importBaseline';

/** What reconciliation asks, and what enters what was there before the log. */
export function historyHandlers({
  pages,
  histories,
  events,
  kept,
}: HistoryParts): Pick<Handlers<typeof AuditService>, HistoryMethod> {
  const { method } = AuditService;
  return {
    async listHistories(request, call) {
      const place = await pages.place(method.listHistories, request, call);
      const size = pageSizeOf(request, PAGE_SIZE_DEFAULT);
      const { entries, next } = await histories.list(request.source, request.subjects, size, place);
      return {
        entries: entries.map(toHistoryMessage),
        nextPageToken:
          next === undefined ? '' : await pages.next(method.listHistories, request, call, next),
      };
    },

    async importBaseline({ states }) {
      const importedCount = await events.add(states.map(baselineOf));
      kept();
      return { importedCount };
    },
  };
}

/** Of an aggregate in a version there is one, whoever reads it. */
function baselineOf({ source, subject, version, type, data }: BaselineState): StoredEvent {
  const id = `baseline/${subject}/${version}`;
  return {
    ...{ kind: 'baseline', source, id, type, subject, version, data },
    ...{ time: new Date(), causationId: undefined, correlationId: id },
  };
}
