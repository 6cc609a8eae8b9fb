import type { Session } from '@meridian/kit/postgres/database.ts';

/** A provider repeats a webhook for some days at most. */
const KEPT_DAYS = 30;
const REMOVAL_BATCH = 1_000;

/** Notes that a webhook was taken; false if it was before. */
export async function noteWebhook(session: Session, sender: string, id: string): Promise<boolean> {
  const rows = await session.query({
    name: 'note_webhook',
    text: `
      INSERT INTO webhooks (sender, webhook_id) VALUES ($1, $2)
      ON CONFLICT DO NOTHING RETURNING webhook_id`,
    values: [sender, id],
  });
  return rows.length > 0;
}

/** Forgets some of those that nobody repeats any more. */
export async function removeOldWebhooks(session: Session): Promise<void> {
  await session.query({
    name: 'remove_old_webhooks',
    text: `
      DELETE FROM webhooks WHERE (sender, webhook_id) IN (
        SELECT sender, webhook_id FROM webhooks
        WHERE receive_time < now() - $1 * interval '1 day' LIMIT $2)`,
    values: [KEPT_DAYS, REMOVAL_BATCH],
  });
}
