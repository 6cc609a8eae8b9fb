import {
  REDIS_ADMIN_PASSWORD_FILE,
  REDIS_ADMIN_USER,
  redisSocket,
} from '@meridian/provider-local/resources/redis-server.ts';

/** Where the server listens. */
export interface RedisListen {
  readonly address: string;
  readonly port: number;
}

/** What the caches and limits of all services may take together; the least used keys go first. */
const MAX_MEMORY = '64mb';

/** What holds for the server of every landing. Nothing is persisted: what Redis holds may be lost. */
export const SHARED_DIRECTIVES: readonly string[] = [
  'tls-protocols "TLSv1.3"',
  'save ""',
  'appendonly no',
  `maxmemory ${MAX_MEMORY}`,
  'maxmemory-policy allkeys-lru',
  'maxclients 512',
  'databases 1',
  // A replica that dies leaves a half-open connection behind.
  'tcp-keepalive 30',
];

/** The users, in the data folder: Redis itself rewrites the file at each change. */
const ACL_FILE = '${data}/users.acl';

/** In the process's own folder. */
const TLS_FILES = [
  ['tls-cert-file', 'tls/tls.crt'],
  ['tls-key-file', 'tls/tls.key'],
  ['tls-ca-cert-file', 'tls/ca.crt'],
] as const;

/**
 * redis.conf. TLS 1.3 only, for clients with a certificate of the platform's root; the admin's socket
 * lies in the runtime folder, which only the platform's user can enter.
 */
export function redisConf({ address, port }: RedisListen): string {
  return [
    `bind ${address}`,
    'port 0',
    `tls-port ${port}`,
    ...TLS_FILES.map(([directive, file]) => `${directive} "\${self:redis}/${file}"`),
    'tls-auth-clients yes',
    `unixsocket "\${runtime:redis}/${redisSocket(port)}"`,
    'unixsocketperm 700',
    'aclfile "${data:redis}/users.acl"',
    'dir "${data:redis}"',
    ...SHARED_DIRECTIVES,
    'daemonize no',
    'logfile ""',
    '',
  ].join('\n');
}

/**
 * Makes the admin's password, of 256 random bits, and the file of users: nobody but the admin. The
 * file appears under its name only when it is whole, so a crash half-way starts over.
 */
export function prepareCommand(): readonly string[] {
  const script = [
    'umask 077',
    'word=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d " \\n")',
    'printf "%s\\n" "$word" > "$1"',
    'hash=$(printf %s "$word" | sha256sum | cut -d " " -f 1)',
    'printf "user default off sanitize-payload resetchannels -@all\\nuser %s on sanitize-payload #%s ~* &* +@all\\n" "$2" "$hash" > "$3.new"',
    'mv "$3.new" "$3"',
  ].join(' && ');
  const password = `\${data}/${REDIS_ADMIN_PASSWORD_FILE}`;
  return ['/bin/sh', '-c', script, 'prepare', password, REDIS_ADMIN_USER, ACL_FILE];
}

/** What the preparation makes. */
export const PREPARED_FILE = ACL_FILE;

/**
 * Makes Redis read the renewed certificate: it takes new files only by CONFIG SET, which reads them
 * again also under the same names. The password goes by the environment, which only its user reads.
 */
export function renewCommand({ port }: RedisListen, cli: string): readonly string[] {
  const script =
    'file=$1; cli=$2; socket=$3; user=$4; shift 4; REDISCLI_AUTH=$(cat "$file"); export REDISCLI_AUTH; exec "$cli" -e -s "$socket" --user "$user" CONFIG SET "$@"';
  return [
    ...['/bin/sh', '-c', script, 'renew'],
    `\${data}/${REDIS_ADMIN_PASSWORD_FILE}`,
    cli,
    `\${runtime}/${redisSocket(port)}`,
    REDIS_ADMIN_USER,
    ...TLS_FILES.flatMap(([directive, file]) => [directive, `\${self}/${file}`]),
  ];
}
