import { z } from 'zod';

/** Names of databases and roles: lower case, so that they read the same quoted and unquoted. */
export const identifierSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits or underscores, beginning with a letter',
  )
  .refine(
    (name) => !RESERVED.has(name) && !name.startsWith('pg_'),
    'must not be a name of PostgreSQL itself',
  );

const RESERVED: ReadonlySet<string> = new Set(['postgres', 'template0', 'template1', 'public']);

/** Which server of this machine; `zone` and `process` name it in messages. */
export const serverSchema = z.strictObject({
  zone: z.string().min(1),
  process: z.string().min(1),
  port: z.int().min(1024, 'must be 1024 to 65535').max(65535, 'must be 1024 to 65535'),
});
export type PostgresServer = Readonly<z.infer<typeof serverSchema>>;
