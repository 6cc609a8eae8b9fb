import type { Pool } from 'pg';

/** Gives pending events their places, as a sequencer does, without the tree. */
export async function sealPending(database: Pool): Promise<void> {
  await database.query(`
    WITH sealed AS (DELETE FROM pending RETURNING *), head AS (SELECT log, size FROM log_head)
    INSERT INTO entries (log, index, source, id)
    SELECT log, size + row_number() OVER (ORDER BY position) - 1, source, id
    FROM sealed CROSS JOIN head`);
  await database.query('UPDATE log_head SET size = (SELECT count(*) FROM entries)');
}
