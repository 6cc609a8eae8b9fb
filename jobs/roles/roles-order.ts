/** A role as the Job keeps it; it has nothing besides. */
export interface OrderedRole {
  readonly name: string;
  /** Whether it may open a session, by the password in the file of its name or as `byIam` says. */
  readonly login: boolean;
  /**
   * Whether it comes by a token of IAM, which is good for a quarter of an hour, and by no password.
   * @default false
   */
  readonly byIam?: boolean;
  /** Whether it has the rights of the roles that it is a member of, or only after SET ROLE. */
  readonly inherit: boolean;
  /** @default no limit */
  readonly connectionLimit?: number;
  readonly memberOf: readonly string[];
}

/** Roles and databases of a server that AWS manages. */
export interface RolesOrder {
  readonly port: number;
  /** Folder with `host`, `ca.crt` and `owner-secret`: the name by which Secrets Manager knows who owns the server. */
  readonly serverFolder: string;
  /** Folder with a file for each role that logs in. */
  readonly passwordsFolder: string;
  /** Where Secrets Manager is asked. */
  readonly region: string;
  /** Another number than before is another run: the passwords are others. */
  readonly generation: number;
  /** In an order in which each comes after those that it is a member of. */
  readonly roles: readonly OrderedRole[];
  readonly databases: readonly { readonly name: string; readonly owner: string }[];
  /** Who may connect to the database that is there anyway, and nobody else. */
  readonly watchers: readonly string[];
  /** How long a server that is not there yet is waited for. */
  readonly patienceMs: number;
}
