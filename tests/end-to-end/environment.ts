import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Variables } from './platform-under-test.ts';
import type { GitPlace } from './program-copy.ts';

/** The cheapest command that shows whether an environment does harm. */
export type Shown = 'start' | 'preview' | 'history' | 'doctor';

/** What a user's machine, session or clone may be like. */
export interface Environment {
  readonly name: string;
  readonly shown: Shown;
  /** Variables of the session, given the user's home. */
  readonly variables?: (home: string) => Variables;
  /** Lines that a shell runs before the command. */
  readonly shell?: string;
  /** Part of the name of the folder that the clone is; the home of every test has an odd one. */
  readonly folder?: string;
  readonly git?: GitPlace;
  /** Whether the clone is reached through a symbolic link. */
  readonly linked?: true;
  /** How the command's output is taken. @default by pipes that are read */
  readonly output?: 'terminal of 20 columns' | 'reader that goes';
  /** The message that there may be instead of a success; without it the command must do its work. */
  readonly refusal?: RegExp;
  /** Environments of one number share a start, as they do not interfere; the others are shown alone. */
  readonly start?: 1 | 2;
  /**
   * Whether every change meets it, in `trouble.test.ts`, and not the campaign alone: variables and the
   * folder's name.
   */
  readonly always?: true;
  /** Why it cannot be made on this machine; it is skipped then. */
  readonly lacking?: () => string | undefined;
}

/** A port that nobody listens on: discard (RFC 863), which no machine of today serves. */
const NOBODY = 'http://127.0.0.1:9';

/** Every environment. A new one is a line here. */
export const ENVIRONMENTS: readonly Environment[] = [
  { name: 'a space in the path', shown: 'start', folder: 'a clone', start: 1 },
  {
    name: 'an apostrophe in the path',
    shown: 'start',
    folder: "o'neil",
    start: 1,
    always: true,
  },
  {
    name: 'letters beyond ASCII in the path',
    shown: 'start',
    folder: 'müller-文',
    start: 1,
    always: true,
  },
  { name: 'a clone behind a symbolic link', shown: 'start', linked: true, start: 1 },
  { name: 'a worktree of git', shown: 'history', git: 'worktree', start: 2 },
  {
    name: 'a folder that is not a clone',
    shown: 'history',
    git: 'none',
    refusal: /REVISION_UNKNOWN/,
  },
  { name: 'umask 000', shown: 'start', shell: 'umask 000', start: 1 },
  { name: 'umask 077', shown: 'start', shell: 'umask 077', start: 2 },
  { name: '256 open files', shown: 'start', shell: 'ulimit -n 256', start: 2 },
  {
    name: 'a Turkish locale',
    shown: 'start',
    variables: all(['LANG', 'LANGUAGE', 'LC_ALL'], 'tr_TR.UTF-8'),
    start: 1,
  },
  {
    name: 'a time zone a quarter of an hour off',
    shown: 'start',
    variables: () => ({ TZ: 'Asia/Kathmandu' }),
    start: 1,
  },
  {
    name: 'NODE_ENV=production',
    shown: 'start',
    variables: () => ({ NODE_ENV: 'production' }),
    start: 1,
  },
  {
    name: 'NODE_OPTIONS',
    shown: 'start',
    variables: () => ({
      NODE_OPTIONS: '--max-http-header-size=1024 --throw-deprecation --dns-result-order=ipv6first',
    }),
    start: 1,
  },
  {
    name: 'no HOME',
    shown: 'preview',
    variables: (home) => ({ HOME: undefined, ...below(home) }),
  },
  {
    name: 'a HOME that is not there',
    shown: 'preview',
    variables: (home) => ({ HOME: '/nonexistent/nobody', ...below(home) }),
  },
  {
    name: 'a HOME that is not there, and nowhere else to write',
    shown: 'preview',
    variables: () => ({ HOME: '/nonexistent/nobody' }),
    refusal: /\/proc\/nobody/,
  },
  { name: 'no TMPDIR', shown: 'preview', variables: () => ({ TMPDIR: undefined }), start: 1 },
  {
    name: 'a TMPDIR that is not there',
    shown: 'preview',
    variables: (home) => ({ TMPDIR: path.join(home, 'gone') }),
    refusal: /TMPDIR/,
  },
  {
    name: 'proxies that nobody listens on',
    shown: 'preview',
    variables: all(
      ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'],
      NOBODY,
      { grpc_proxy: NOBODY, NODE_USE_ENV_PROXY: '1', no_proxy: undefined, NO_PROXY: undefined },
    ),
    start: 1,
    always: true,
  },
  {
    name: 'PG*',
    shown: 'start',
    variables: all(['PGHOST', 'PGUSER', 'PGPASSWORD', 'PGDATABASE', 'PGSERVICE'], 'nobody', {
      PGPORT: '9',
      PGDATA: '/nonexistent/nobody',
      PGSSLMODE: 'verify-full',
      PGOPTIONS: '-c search_path=nobody',
      PGCLIENTENCODING: 'LATIN5',
    }),
    start: 1,
  },
  {
    name: 'PULUMI_*',
    shown: 'preview',
    variables: () => ({
      PULUMI_ACCESS_TOKEN: 'pul-nobody',
      PULUMI_BACKEND_URL: 'https://pulumi.example',
      PULUMI_CONFIG: '{"meridian:edgePort":"1"}',
      PULUMI_CONFIG_PASSPHRASE: "somebody else's",
      PULUMI_CONFIG_PASSPHRASE_FILE: '/nonexistent/nobody',
      PULUMI_DIY_BACKEND_GZIP: 'true',
      PULUMI_SELF_MANAGED_STATE_GZIP: 'true',
      PULUMI_DIY_BACKEND_LEGACY_LAYOUT: 'true',
      PULUMI_HOME: '/nonexistent/nobody',
      PULUMI_OPTION_CWD: '/nonexistent',
      PULUMI_OPTION_JSON: 'true',
      PULUMI_SKIP_CHECKPOINTS: 'true',
      PULUMI_STACK: 'nobody',
    }),
    start: 1,
  },
  {
    name: 'AWS_*',
    shown: 'preview',
    variables: all(['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'], 'nobody', {
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: NOBODY,
      AWS_SDK_LOAD_CONFIG: '1',
    }),
    start: 1,
  },
  {
    name: 'KAFKA_OPTS',
    shown: 'start',
    variables: () => ({
      CLASSPATH: '/nonexistent/nobody.jar',
      JMX_PORT: '9',
      KAFKA_HEAP_OPTS: '-Xmx4m',
      KAFKA_LOG4J_OPTS: '-Dlog4j2.configurationFile=/nonexistent/nobody',
      KAFKA_OPTS: '-javaagent:/nonexistent/nobody.jar',
    }),
    start: 1,
  },
  {
    name: 'JAVA_TOOL_OPTIONS',
    shown: 'start',
    variables: () => ({
      JAVA_TOOL_OPTIONS: '-Duser.language=tr -Duser.country=TR -Dfile.encoding=ISO-8859-9',
    }),
    start: 1,
  },
  { name: 'nothing to read from or write to', shown: 'preview', shell: 'exec <&- >&- 2>&-' },
  {
    name: 'a terminal of 20 columns',
    shown: 'preview',
    output: 'terminal of 20 columns',
    lacking: () => absence('script'),
  },
  { name: 'a reader that goes', shown: 'preview', output: 'reader that goes' },
];

/** What a user's folders are by themselves, said outright (XDG Base Directory Specification). */
function below(home: string): Variables {
  return {
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local/share'),
    XDG_STATE_HOME: path.join(home, '.local/state'),
  };
}

function all(names: readonly string[], value: string, others: Variables = {}): () => Variables {
  return () => ({ ...Object.fromEntries(names.map((name) => [name, value])), ...others });
}

/** Why a program cannot be used here. */
export function absence(program: string): string | undefined {
  return spawnSync(program, ['--version']).status === 0 ? undefined : `there is no ${program}`;
}
