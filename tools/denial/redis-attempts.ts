import type { RedisGrant } from '@meridian/components/redis/redis-grants.ts';
import { REDIS_ADMIN_USER } from '@meridian/provider-local/resources/redis-server.ts';
import type { Attempt, Outcome, Principal, Server, TlsMaterial } from './attempt.ts';
import { exchange } from './exchange.ts';
import { outcomeOfTlsError } from './tls-refusal.ts';

/** How Redis says no. Source: https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl */
const REFUSALS = [
  ...['NOAUTH ', 'WRONGPASS ', 'NOPERM '],
  // From within a script, where the error of its command becomes the script's.
  "ERR The user executing the script can't access at least one of the keys",
];

const DEFAULT_USER = 'default';
const WRONG_PASSWORD = 'denial-probe';

type Command = readonly [string, ...string[]];

/**
 * What no service may do, whatever it holds. Where a command would do harm it has an argument that
 * Redis cannot take: rights are looked at before that.
 */
const FORBIDDEN_COMMANDS: readonly Command[] = [
  ['KEYS', '*'],
  ['SCAN', '0'],
  ['RANDOMKEY'],
  ['DBSIZE'],
  ['FLUSHALL', 'denial-probe'],
  ['FLUSHDB', 'denial-probe'],
  ['SHUTDOWN', 'denial-probe'],
  ['REPLICAOF', 'denial-probe', 'denial-probe'],
  ['CONFIG', 'GET', 'maxmemory'],
  ['CONFIG', 'SET', 'denial-probe', '1'],
  ['ACL', 'LIST'],
  ['ACL', 'SETUSER', 'denial-probe', 'denial-probe'],
  ['CLIENT', 'LIST'],
  ['CLIENT', 'KILL', 'ID', '0'],
  ['FUNCTION', 'LIST'],
  ['SCRIPT', 'FLUSH', 'denial-probe'],
  ['PUBLISH', 'denial-probe', ''],
  ['SUBSCRIBE', 'denial-probe'],
  ['MONITOR'],
  ['INFO'],
];

/** What is asked of a key; what is written is gone after a millisecond. */
function keyCommands(key: string): readonly Command[] {
  return [
    ['GET', key],
    ['SET', key, '', 'PX', '1'],
    ['DEL', key],
    ['EVAL', "return redis.call('GET', KEYS[1])", '1', key],
    // A key that the call does not name: the script itself must not reach it either.
    ['EVAL', `return redis.call('GET', '${key}')`, '0'],
  ];
}

/** What Redis knows a service by. */
interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Redis takes any client certificate of the platform, and then goes by user and password. So every
 * principal tries the user of its service at all keys and at what nobody may do, every other user,
 * and none at all; and a caller without a certificate tries with the right passwords.
 */
export function redisAttempts(
  grants: readonly RedisGrant[],
  principals: readonly Principal[],
  passwords: ReadonlyMap<string, string>,
  server: Server,
): readonly Attempt[] {
  const prefixes = [...grants.map(({ keyPrefix }) => keyPrefix), ''];
  const users = [...new Set(grants.map(({ user }) => user))];
  const logins = users.map((user) => ({ user, password: passwordOf(passwords, user) }));
  return principals.flatMap((principal) => {
    const { name: caller, holder, tls } = principal;
    const attemptOf = (
      object: string,
      action: string,
      declared: boolean,
      commands: readonly Command[],
    ): Attempt => ({
      engine: 'redis',
      caller,
      object,
      action,
      declared,
      carryOut: () => attempt(server, tls, commands),
    });
    const loginOf = (action: string, { user, password }: Login, declared = false): Attempt =>
      attemptOf(`user ${user}`, action, declared, [['AUTH', user, password], ['PING']]);
    const held = grants.filter(({ service }) => service === holder);
    const own = logins.filter(({ user }) => held.some((grant) => grant.user === user));
    const others = [...users, DEFAULT_USER, REDIS_ADMIN_USER];
    return [
      attemptOf('server', 'PING without a user', false, [['PING']]),
      attemptOf('server', 'HELLO without a user', false, [['HELLO', '3']]),
      ...others.map((user) =>
        loginOf('log in with a wrong password', { user, password: WRONG_PASSWORD }),
      ),
      ...(tls.cert === undefined
        ? logins.map((login) => loginOf('log in with its password', login))
        : []),
      ...own.flatMap((login) => [
        loginOf('log in with its password', login, true),
        ...others
          .filter((user) => user !== login.user)
          .map((user) =>
            loginOf(`log in with the password of ${login.user}`, {
              user,
              password: login.password,
            }),
          ),
        ...prefixes.flatMap((prefix) =>
          keyCommands(`${prefix}denial-probe`).map((command) =>
            attemptOf(
              `keys ${prefix}*`,
              command.slice(0, 3).join(' '),
              held.some(({ user, keyPrefix }) => user === login.user && keyPrefix === prefix),
              [['AUTH', login.user, login.password], command],
            ),
          ),
        ),
        ...FORBIDDEN_COMMANDS.map((command) =>
          attemptOf('server', command.join(' '), false, [
            ['AUTH', login.user, login.password],
            command,
          ]),
        ),
      ]),
    ];
  });
}

function passwordOf(passwords: ReadonlyMap<string, string>, user: string): string {
  const password = passwords.get(user);
  if (password === undefined) throw new Error(`There is no password of Redis user ${user}`);
  return password;
}

/** Sends the commands at once; the first error decides, else the answer to the last of them. */
async function attempt(
  server: Server,
  tls: TlsMaterial,
  commands: readonly Command[],
): Promise<Outcome> {
  try {
    const request = Buffer.from(commands.map(encode).join(''));
    const answer = await exchange(
      server,
      tls,
      request,
      (received) => decisive(received, commands.length) !== undefined,
    );
    return outcomeOfReply(decisive(answer, commands.length) ?? '');
  } catch (error) {
    return outcomeOfTlsError(error);
  }
}

/** The first error in an answer, else the first line of the last reply; only that may be longer. */
function decisive(answer: Buffer, replies: number): string | undefined {
  const lines = answer.toString('latin1').split('\r\n').slice(0, -1).slice(0, replies);
  return lines.find((line) => line.startsWith('-')) ?? lines[replies - 1];
}

/** A command as RESP has it: an array of bulk strings. */
function encode(command: Command): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

function outcomeOfReply(line: string): Outcome {
  if (!line.startsWith('-')) return { verdict: 'admitted', detail: line };
  const detail = line.slice(1);
  const refused = REFUSALS.some((start) => detail.startsWith(start));
  return { verdict: refused ? 'refused' : 'unclear', detail };
}
