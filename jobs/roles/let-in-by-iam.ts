import pg from 'pg';

const { escapeIdentifier } = pg;

/** Whose members RDS lets in by a token of IAM, and by no password. It is there where the cluster is told to let in anybody so. */
export const IAM_GROUP = 'rds_iam';

/**
 * Lets a role in by tokens of IAM, unless whoever asks for it could not come by his own password any more: RDS lets a member of a member in by a
 * token too, and by nothing else, where each inherits. That holds from the moment of the commit, so it is looked at before. That he made the role makes him a
 * member who inherits nothing. Source: movetokube/postgres-operator issue 315, crossplane-contrib/provider-sql issue 359; PostgreSQL 17, "CREATE ROLE", notes
 *
 * @returns whether it is let in
 */
export async function letInByIam(client: pg.Client, role: string): Promise<boolean> {
  const before = await comesByIam(client);
  await client.query('BEGIN');
  await client.query(`GRANT ${IAM_GROUP} TO ${escapeIdentifier(role)}`);
  const isLockedOut = !before && (await comesByIam(client));
  await client.query(isLockedOut ? 'ROLLBACK' : 'COMMIT');
  return !isLockedOut;
}

/** Whether whoever is connected inherits from the group, at any remove: before PostgreSQL 16 every membership does. */
async function comesByIam(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `WITH RECURSIVE groups(id) AS (
       SELECT oid FROM pg_roles WHERE rolname = session_user
       UNION SELECT roleid FROM pg_auth_members AS one JOIN groups ON member = id
         WHERE coalesce((to_jsonb(one) ->> 'inherit_option')::boolean, true)
     )
     SELECT FROM groups WHERE id = $1::regrole`,
    [IAM_GROUP],
  );
  return rowCount !== 0;
}
