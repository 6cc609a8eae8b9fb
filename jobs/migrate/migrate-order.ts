/** Which database is to be brought up to date, and who uses it. */
export type MigrateOrder = MigrateWork & (ByCertificate | ByPassword);

/** A server that asks for a certificate. */
interface ByCertificate {
  readonly host: string;
  /** Folder of its client certificate: tls.crt, tls.key, ca.crt. */
  readonly tlsFolder: string;
}

/** A server that AWS manages. */
interface ByPassword {
  /** Folder with `host`, `ca.crt` and `password`. */
  readonly serverFolder: string;
}

/** What is to be done, wherever the server is. */
interface MigrateWork {
  readonly port: number;
  readonly database: string;
  /** Role to log in as; it must be allowed to become the owner. */
  readonly role: string;
  readonly owner: string;
  readonly serviceRoles: readonly string[];
  /** Tables that the service roles add rows to and change none of. */
  readonly appendOnly: readonly string[];
  /** What sessions in the database begin with, such as `statement_timeout: '5s'`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Folder of numbered SQL files, relative to the root of the program. */
  readonly migrations: string;
  /** How long a database that is not there yet is waited for. */
  readonly patienceMs: number;
}
