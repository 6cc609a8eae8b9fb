import type { TrailEntry } from '@meridian/audit/reconciliation/history.ts';
import type { Trail } from '@meridian/audit/reconciliation/trail.ts';
import type { Pool } from 'pg';

/** The events that a service left in its outbox, which nobody relays, as the trail would have them. */
export async function outboxEntries(pool: Pool): Promise<readonly TrailEntry[]> {
  const { rows } = await pool.query<{
    readonly id: string;
    readonly type: string;
    readonly key: string;
    readonly version: string;
    readonly payload: Buffer;
  }>('SELECT id, type, key, version, payload FROM outbox ORDER BY key COLLATE "C", version');
  return rows.map(({ id, type, key: subject, version, payload: data }) => ({
    ...{ kind: 'event', id, type, subject, version: BigInt(version), data },
  }));
}

/** A trail of these entries and no others. */
export function trailOf(entries: readonly TrailEntry[]): Trail {
  return {
    page: ({ subjects }) =>
      Promise.resolve({
        entries: entries.filter(({ subject }) => subjects?.includes(subject) ?? true),
        next: undefined,
      }),
  };
}
