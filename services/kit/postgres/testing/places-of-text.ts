import type { ClientBase, Pool } from 'pg';

/** Whoever is asked. */
type Connection = Pick<Pool | ClientBase, 'query'>;

/** The tables of a database that are not PostgreSQL's own, with their schemas. */
export async function tablesOf(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/**
 * The tables of a database that hold a text in any row, whatever the type of its column: as it is, in JSON, or
 * as bytes, within a message, say.
 */
export async function placesOfText(
  connection: Connection,
  text: string,
): Promise<readonly string[]> {
  const places: string[] = [];
  for (const name of await tablesOf(connection)) {
    // A row as text has bytea in hexadecimal.
    const { rowCount } = await connection.query(
      `SELECT 1 FROM ${name} AS kept
       WHERE strpos(lower(kept::text), lower($1)) > 0 OR strpos(kept::text, $2) > 0 LIMIT 1`,
      [text, Buffer.from(text).toString('hex')],
    );
    if (rowCount !== 0) places.push(name);
  }
  return places;
}
