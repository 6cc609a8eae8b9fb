import { codeOf } from '@meridian/language/thrown.ts';
import pg from 'pg';

const { escapeIdentifier } = pg;

/** Whose members RDS lets in by a token of IAM, and by no password. It is there where the cluster is told to let in anybody so. */
export const IAM_GROUP = 'rds_iam';

/** PostgreSQL's word for a right that somebody does not have. Source: PostgreSQL 17, appendix A */
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Lets a role in by tokens of IAM, unless whoever asks for it could not come by his own password any more: RDS lets a member of a member in by a
 * token too, and by nothing else. That holds from the moment of the commit, so it is looked at before.
 *
 * @returns why it is not let in, in words that follow 'as'; undefined where it is
 */
export async function letInByIam(client: pg.Client, role: string): Promise<string | undefined> {
  const group = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [IAM_GROUP]);
  if (group.rowCount === 0) return `the server has no role ${IAM_GROUP}`;
  const before = await comesByIam(client);
  await client.query('BEGIN');
  try {
    await client.query(`GRANT ${IAM_GROUP} TO ${escapeIdentifier(role)}`);
  } catch (error) {
    await client.query('ROLLBACK');
    if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    return `the server's owner may make nobody a member of ${IAM_GROUP}`;
  }
  const isLockedOut = !before && (await comesByIam(client));
  await client.query(isLockedOut ? 'ROLLBACK' : 'COMMIT');
  return isLockedOut
    ? `by that membership in ${IAM_GROUP} the server's owner would come by no password any more`
    : undefined;
}

/**
 * Whether whoever is connected is a member of the group, at any remove. A line of pg_hba.conf such as RDS' `+rds_iam` asks neither whether a member inherits nor
 * whether it may become the other role: that he made a role, of which PostgreSQL 16 makes him a member who may only give it out, is enough.
 * Source: PostgreSQL 17, src/backend/libpq/hba.c (is_member), src/backend/utils/adt/acl.c (ROLERECURSE_MEMBERS); tried with 17.10
 */
async function comesByIam(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `WITH RECURSIVE groups(id) AS (
       SELECT oid FROM pg_roles WHERE rolname = session_user
       UNION SELECT roleid FROM pg_auth_members JOIN groups ON member = id
     )
     SELECT FROM groups WHERE id = $1::regrole`,
    [IAM_GROUP],
  );
  return rowCount !== 0;
}
