import {
  REDIS_ACL_FILE,
  REDIS_ADMIN_PASSWORD_FILE,
  REDIS_ADMIN_USER,
  redisSocket,
} from '@meridian/provider-local/resources/redis-server.ts';
import { SHARED_DIRECTIVES } from '../shared-directives.ts';

/** Where the server listens. */
export interface RedisListen {
  readonly address: string;
  readonly port: number;
}

/** The users, in the data folder: Redis itself rewrites the file at each change. */
const ACL_FILE = `\${data}/${REDIS_ACL_FILE}`;

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
 * Starts the server with a password of the admin and a file of users that belong together. Where one of
 * them is missing, or a power cut has torn it, both are made again, with nobody in the file but the
 * admin: the provider makes the other users, whose passwords it keeps. An empty file would have the
 * server let everybody in. Each appears under its name only when it is whole.
 */
export function startCommand(program: string): readonly string[] {
  const script = [
    'umask 077',
    'file=$1; admin=$2; acl=$3; shift 3',
    'hash_of() { tr -d "\\n" < "$file" | sha256sum | cut -d " " -f 1; }',
    'is_whole() {',
    '  [ -s "$file" ] && [ -s "$acl" ] && [ -z "$(tail -c 1 "$acl")" ] && [ -z "$(tail -c 1 "$file")" ] &&',
    '    grep -q "^user default off " "$acl" && grep -q "^user $admin on .*#$(hash_of) " "$acl"',
    '}',
    'make() {',
    '  rm -f "$acl".tmp-* &&',
    '    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d " \\n" > "$file.new" && echo >> "$file.new" &&',
    '    mv "$file.new" "$file" &&',
    '    printf "user default off sanitize-payload resetchannels -@all\\nuser %s on sanitize-payload #%s ~* &* +@all\\n" "$admin" "$(hash_of)" > "$acl.new" &&',
    '    mv "$acl.new" "$acl"',
    '}',
    'is_whole || make || exit',
    'exec "$@"',
  ].join('\n');
  const password = `\${data}/${REDIS_ADMIN_PASSWORD_FILE}`;
  return [
    ...['/bin/sh', '-c', script, 'start', password, REDIS_ADMIN_USER, ACL_FILE],
    ...[program, '${self}/redis.conf'],
  ];
}

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
