import type { SearchGrant } from '@meridian/components/search/search-grants.ts';
import type { Attempt, Outcome, Principal, Server, TlsMaterial } from './attempt.ts';
import { exchange } from './exchange.ts';
import { outcomeOfTlsError } from './tls-refusal.ts';

const WRONG_PASSWORD = 'denial-probe';

/** Users that Elasticsearch brings along, none of which may be let in. */
const BUILT_IN_USERS = ['elastic', 'kibana_system'];

/** One request; what is asked to be changed is not there, or cannot be taken: rights are looked at before. */
interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** What is asked of an index, and of what is built beside it. */
function indexRequests(index: string): readonly Ask[] {
  const absent = `${index}.denial-probe`;
  const action = { add: { index: absent, alias: `${index}.denial-alias` } };
  return [
    { method: 'GET', path: `/${index}/_search?size=0` },
    { method: 'GET', path: `/${absent}/_mapping` },
    { method: 'POST', path: `/${absent}/_doc`, body: '{}' },
    { method: 'DELETE', path: `/${absent}` },
    { method: 'POST', path: '/_aliases', body: JSON.stringify({ actions: [action] }) },
  ];
}

/** What no service may do, whatever it holds. */
const FORBIDDEN_REQUESTS: readonly Ask[] = [
  { method: 'GET', path: '/_cluster/settings' },
  { method: 'PUT', path: '/_cluster/settings', body: '{"transient":{"denial-probe":1}}' },
  { method: 'GET', path: '/_cluster/health' },
  { method: 'GET', path: '/_nodes' },
  { method: 'GET', path: '/_security/user' },
  { method: 'GET', path: '/_tasks' },
  { method: 'GET', path: '/_index_template/denial-probe' },
  { method: 'DELETE', path: '/_ingest/pipeline/denial-probe' },
];

/** What Elasticsearch knows a service by. */
interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Elasticsearch takes any client certificate of the platform, and then goes by user and password. So every
 * principal tries the user of its service at all indices and at what nobody may do, every other user, and
 * none at all; and a caller without a certificate tries with the right passwords.
 */
export function elasticsearchAttempts(
  grants: readonly SearchGrant[],
  principals: readonly Principal[],
  passwords: ReadonlyMap<string, string>,
  server: Server,
): readonly Attempt[] {
  const indices = [...grants.map(({ index }) => index), 'denial-probe', '.security'];
  const logins = grants.map(({ user }) => ({ user, password: passwordOf(passwords, user) }));
  const search = (index: string): Ask => ({ method: 'GET', path: `/${index}/_search?size=0` });
  return principals.flatMap((principal) => {
    const { name: caller, holder, tls } = principal;
    const attemptOf = (
      object: string,
      action: string,
      declared: boolean,
      [ask, login]: readonly [Ask, Login?],
    ): Attempt => ({
      engine: 'elasticsearch',
      caller,
      object,
      action,
      declared,
      carryOut: () => attempt(server, tls, ask, login),
    });
    const refusedLogin = (action: string, index: string, login: Login): Attempt =>
      attemptOf(`user ${login.user}`, action, false, [search(index), login]);
    const own = grants.filter(({ service }) => service === holder);
    return [
      ...grants.flatMap(({ index, user }) => [
        attemptOf(`index ${index}`, 'search without a user', false, [search(index)]),
        refusedLogin('log in with a wrong password', index, { user, password: WRONG_PASSWORD }),
        ...BUILT_IN_USERS.map((builtIn) =>
          refusedLogin('log in', index, { user: builtIn, password: 'changeme' }),
        ),
      ]),
      ...(tls.cert === undefined
        ? grants.map(({ index, user }) =>
            refusedLogin('log in with its password', index, {
              user,
              password: passwordOf(passwords, user),
            }),
          )
        : []),
      ...own.flatMap(({ user, index: held }) => {
        const login = { user, password: passwordOf(passwords, user) };
        return [
          ...logins
            .filter((other) => other.user !== user)
            .map((other) =>
              refusedLogin(`log in with the password of ${user}`, held, {
                user: other.user,
                password: login.password,
              }),
            ),
          ...indices.flatMap((index) =>
            indexRequests(index).map((ask) =>
              attemptOf(`index ${index}`, actionOf(ask), index === held, [ask, login]),
            ),
          ),
          ...FORBIDDEN_REQUESTS.map((ask) =>
            attemptOf('cluster', actionOf(ask), false, [ask, login]),
          ),
        ];
      }),
    ];
  });
}

function actionOf({ method, path }: Ask): string {
  return `${method} ${path}`;
}

function passwordOf(passwords: ReadonlyMap<string, string>, user: string): string {
  const password = passwords.get(user);
  if (password === undefined) throw new Error(`There is no password of Elasticsearch user ${user}`);
  return password;
}

async function attempt(
  server: Server,
  tls: TlsMaterial,
  { method, path, body = '' }: Ask,
  login: Login | undefined,
): Promise<Outcome> {
  const credentials =
    login && Buffer.from(`${login.user}:${login.password}`, 'utf8').toString('base64');
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: denial',
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(credentials === undefined ? [] : [`Authorization: Basic ${credentials}`]),
  ];
  try {
    const request = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
    const answer = await exchange(server, tls, request, (received) => received.includes('\r\n'));
    return outcomeOfStatus(answer.toString('latin1').split('\r\n', 1)[0] ?? '');
  } catch (error) {
    return outcomeOfTlsError(error);
  }
}

/** 401 and 403 are refusals; what is absent or cannot be taken was admitted before it was looked for. */
function outcomeOfStatus(line: string): Outcome {
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1] ?? 0);
  if (status === 401 || status === 403) return { verdict: 'refused', detail: line };
  const isAdmitted = status >= 200 && status < 500;
  return { verdict: isAdmitted ? 'admitted' : 'unclear', detail: line };
}
