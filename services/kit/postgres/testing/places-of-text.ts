import type { Pool } from 'pg';

/**
 * The tables of a database that hold a text in any row, whatever the type of its column: as it is, in JSON, or
 * as bytes, within a message, say.
 */
export async function placesOfText(pool: Pool, text: string): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const places: string[] = [];
  for (const { name } of tables) {
    // A row as text has bytea in hexadecimal.
    const { rowCount } = await pool.query(
      `SELECT 1 FROM ${name} AS kept
       WHERE strpos(lower(kept::text), lower($1)) > 0 OR strpos(kept::text, $2) > 0 LIMIT 1`,
      [text, Buffer.from(text).toString('hex')],
    );
    if (rowCount !== 0) places.push(name);
  }
  return places;
}
