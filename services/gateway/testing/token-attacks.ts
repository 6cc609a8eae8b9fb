import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { encode } from './token-forge.ts';
import type { Sign, TokenForge } from './token-forge.ts';

/** A way to be let in that must fail: its name, and the token that is sent. */
export type TokenAttack = readonly [name: string, token: (forge: TokenForge) => string];

const now = (): number => Math.floor(Date.now() / 1_000);
const nothing: Sign = () => Buffer.alloc(0);
const show = (value: unknown): string =>
  value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60);

/** Variants of one member of the header. */
const header = (name: string, ...values: readonly unknown[]): TokenAttack[] =>
  values.map((value) => [
    `header ${name} ${show(value)}`,
    (forge) => forge.withHeader({ [name]: value }),
  ]);

/** Variants of one claim. */
const claim = (name: string, ...values: readonly unknown[]): TokenAttack[] =>
  values.map((value) => [
    `claim ${name} ${show(value)}`,
    (forge) => forge.withClaims({ [name]: value }),
  ]);

/** The forms in which a public key is at hand for somebody who would use it as a secret. */
const SECRETS: readonly (readonly [
  form: string,
  secret: (forge: TokenForge) => string | Buffer,
])[] = [
  ['bytes', ({ key }) => Buffer.from(key.jwk.x, 'base64url')],
  ['base64url', ({ key }) => key.jwk.x],
  ['PEM', ({ key }) => String(key.publicKey.export({ format: 'pem', type: 'spki' }))],
  ['DER', ({ key }) => key.publicKey.export({ format: 'der', type: 'spki' })],
  ['JWK', ({ key }) => JSON.stringify(key.jwk)],
  ['nothing', () => ''],
];

const hmac =
  (hash: string, secret: string | Buffer): Sign =>
  (signed) =>
    createHmac(hash, secret).update(signed).digest();

/** A token signed with a key of another kind, which the forge's kid does not name. */
function otherKind(forge: TokenForge, alg: string, kind: 'ec' | 'rsa'): string {
  const { privateKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return forge.token(forge.header({ alg }), forge.claims(), (signed) =>
    sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  );
}

/** No algorithm, another one, or a public key for a secret. Source: RFC 8725 section 3.1. */
export const ALGORITHM_ATTACKS: readonly TokenAttack[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg): TokenAttack[] => [
    [`alg '${alg}' unsigned`, (f) => f.token(f.header({ alg }), f.claims(), nothing)],
    [`alg '${alg}' signed`, (f) => f.withHeader({ alg })],
  ]),
  ...header('alg', 'Ed25519', 'Ed448', 'eddsa', 'EDDSA', 'EdDSA ', 'ES256', 'RS256', 'PS256'),
  ...header('alg', 'HS256', 'HS512', 'dir', 'A128KW', 'ECDH-ES', undefined, null, 1, ['EdDSA']),
  ...header('alg', { name: 'EdDSA' }, true),
  ...['sha256', 'sha384', 'sha512'].flatMap((hash) =>
    SECRETS.map(([form, secret]): TokenAttack => {
      const alg = hash.replace('sha', 'HS');
      return [
        `${alg} with the public key as a secret, ${form}`,
        (f) => f.token(f.header({ alg }), f.claims(), hmac(hash, secret(f))),
      ];
    }),
  ),
  ...SECRETS.map(([form, secret]): TokenAttack => [
    `an HMAC that says EdDSA, secret ${form}`,
    (f) => f.token(f.header(), f.claims(), hmac('sha512', secret(f))),
  ]),
  ['ES256', (f) => otherKind(f, 'ES256', 'ec')],
  ['ECDSA that says EdDSA', (f) => otherKind(f, 'EdDSA', 'ec')],
  ['RS256', (f) => otherKind(f, 'RS256', 'rsa')],
  ['RSA that says EdDSA', (f) => otherKind(f, 'EdDSA', 'rsa')],
];

/** Members that name, bring or fetch a key, or change what is verified. RFC 8725, 3.3, 3.10, 3.11. */
export const HEADER_ATTACKS: readonly TokenAttack[] = [
  ...header('kid', undefined, null, '', 0, 1, true, [], {}, ['x'], '*', '../../dev/null'),
  ...header('kid', '/dev/null', '../../../../../../etc/passwd', 'file:///etc/passwd'),
  ...header('kid', "' OR 1=1 --", "x' UNION SELECT 'secret", '$(id)', '| whoami', '%00', '\u0000'),
  ...header('kid', '__proto__', 'constructor', 'A'.repeat(43), 'A'.repeat(2_000), 'é'.repeat(43)),
  ['the kid in an array', (f) => f.withHeader({ kid: [f.key.jwk.kid] })],
  ['the kid with a space', (f) => f.withHeader({ kid: `${f.key.jwk.kid} ` })],
  ['the kid in capitals', (f) => f.withHeader({ kid: f.key.jwk.kid.toUpperCase() })],
  ['the kid of an unknown key that signed', (f) => asStranger(f, { kid: f.stranger.jwk.kid })],
  ['an unknown key under a known kid', (f) => asStranger(f, {})],
  ['a key of its own in jwk', (f) => asStranger(f, { jwk: f.stranger.jwk })],
  [
    'a key of its own in jwk, no kid',
    (f) => asStranger(f, { kid: undefined, jwk: f.stranger.jwk }),
  ],
  ['the right key in jwk', (f) => f.withHeader({ jwk: f.key.jwk })],
  ...['https://evil.example/jwks.json', 'http://127.0.0.1:1/', 'file:///etc/passwd'].flatMap(
    (url): TokenAttack[] => [
      [`jku ${url}`, (f) => asStranger(f, { jku: url })],
      [`x5u ${url}`, (f) => asStranger(f, { x5u: url })],
      [`jku ${url} with the right signature`, (f) => f.withHeader({ jku: url })],
    ],
  ),
  ...header('x5c', ['AAAA'], [], 'AAAA'),
  ...header('x5t', 'AAAA'),
  ...header('x5t#S256', 'AAAA'),
  ...header('crit', ['exp'], ['b64'], [], 'exp', null, ['kid']),
  ...header('b64', false, true),
  ...header('cty', 'JWT'),
  ...header('zip', 'DEF'),
  ...header('enc', 'A256GCM'),
  ...header('exp', 9_999_999_999),
  ['crit b64 with an unencoded payload', (f) => f.withHeader({ crit: ['b64'], b64: false })],
  ...header('typ', undefined, null, '', 'JWT', 'jwt', 'AT+JWT', 'at+JWT', 'application/at+jwt'),
  ...header('typ', 'at+jwt ', 'meridian-context+jws', 'rt+jwt', ['at+jwt'], 1, 'logout+jwt'),
  ['typ twice', (f) => f.token(twice(f.header(), 'typ', 'JWT'))],
  ['alg twice', (f) => f.token(twice(f.header(), 'alg', 'none'))],
  ['kid twice', (f) => f.token(twice(f.header(), 'kid', 'other'))],
  ['a header that is a list', (f) => f.token([f.header()])],
  ['a header that is null', (f) => f.token('null')],
  ['a header that is a text', (f) => f.token('"EdDSA"')],
  ['a header that is not JSON', (f) => f.token('{"alg":"EdDSA"')],
  ['a header with a byte order mark', (f) => f.token(`\ufeff${JSON.stringify(f.header())}`)],
  ['a header with spaces', (f) => f.token(JSON.stringify(f.header(), null, 1))],
  [
    'a header with an escaped name',
    (f) => f.token(JSON.stringify(f.header()).replace('"alg"', '"\\u0061lg"')),
  ],
];

/** Claims of somebody else's token, of another time, or of no sense. RFC 8725, 3.8 to 3.12. */
export const CLAIM_ATTACKS: readonly TokenAttack[] = [
  ...claim('aud', undefined, null, '', 'https://api.other.local', 'https://api.meridian.local/', 1),
  ...claim('aud', 'HTTPS://API.MERIDIAN.LOCAL', 'api.meridian.local', ['https://api.other.local']),
  ...claim('aud', ['https://api.meridian.local'], [], {}, { 0: 'https://api.meridian.local' }),
  ...claim('aud', ['https://api.other.local', 'https://api.meridian.local'], '*', true),
  ...claim(
    'iss',
    undefined,
    null,
    '',
    'https://identity.other.local',
    'identity.meridian.local',
    1,
  ),
  ...claim('iss', 'https://identity.meridian.local/', 'http://identity.meridian.local', '*'),
  ...claim('iss', 'https://identity.meridian.local.evil.example', [
    'https://identity.meridian.local',
  ]),
  ...claim('iss', 'https://identity.meridian.local\u0000', 'https://IDENTITY.meridian.local', {}),
  ...claim('exp', undefined, null, 0, -1, '9999999999', 'tomorrow', true, [], {}, 9_999_999_999),
  ...claim('exp', 1e21, 253_402_300_800, Number.MAX_SAFE_INTEGER, [9_999_999_999]),
  ...late('exp just past', () => ({ exp: now() - 6, iat: now() - 306 })),
  ...late('exp long past', () => ({ exp: now() - 86_400, iat: now() - 86_700 })),
  ...late('exp with a fraction', () => ({ exp: now() + 300.5 })),
  ...late('exp as text', () => ({ exp: String(now() + 300) })),
  ...late('exp before iat', () => ({ exp: now() + 1, iat: now() + 2 })),
  ...late('exp a day away', () => ({ exp: now() + 86_400 })),
  ...late('nbf in the future', () => ({ nbf: now() + 60 })),
  ...late('nbf as text', () => ({ nbf: String(now()) })),
  ...late('nbf with a fraction', () => ({ nbf: now() - 0.5 })),
  ...claim('nbf', null, 'now', [], {}, -1, true),
  ...late('iat in the future', () => ({ iat: now() + 60, exp: now() + 300 })),
  ...late('iat with a fraction', () => ({ iat: now() - 0.5 })),
  ...claim('iat', undefined, null, 'now', [], {}, -1, 0, 1),
  ...claim(
    'sub',
    undefined,
    null,
    '',
    1,
    0,
    true,
    [],
    ['account-1'],
    {},
    'a b',
    'é',
    'a'.repeat(257),
  ),
  ...claim('sub', 'a\nb', 'a\u0000b', '\u202eb'),
  ...claim('jti', undefined, null, '', 1, ['id'], {}),
  ...claim('sid', undefined, null, '', 1, ['session-1'], {}),
  ...claim('roles', null, 'merchant', { merchant: true }, [1], [['merchant']], [''], ['Merchant']),
  ...claim('roles', Array(33).fill('merchant'), ['merchant\n'], 1),
  ...['sub', 'exp', 'aud', 'iss', 'roles', 'sid'].map((name): TokenAttack => [
    `claim ${name} twice`,
    (f) => f.token(f.header(), twice(f.claims(), name, f.claims()[name])),
  ]),
  ['claims that are a list', (f) => f.token(f.header(), [f.claims()])],
  ['claims that are null', (f) => f.token(f.header(), 'null')],
  ['claims that are not JSON', (f) => f.token(f.header(), '{')],
  ['no claims', (f) => f.token(f.header(), {})],
  ['claims with a comment', (f) => f.token(f.header(), `${JSON.stringify(f.claims())}//`)],
  ['claims with spaces', (f) => f.token(f.header(), ` ${JSON.stringify(f.claims())}`)],
  [
    'claims through __proto__',
    (f) => f.token(f.header(), `{"__proto__":${JSON.stringify(f.claims())}}`),
  ],
  [
    'claims in bad UTF-8',
    (f) =>
      f.token(
        f.header(),
        Buffer.concat([Buffer.from(JSON.stringify(f.claims())), Buffer.from([0xff])]),
      ),
  ],
  ['a token within a token', (f) => f.token(f.header(), f.token())],
  ['a token within a token that says so', (f) => f.token(f.header({ cty: 'JWT' }), f.token())],
];

/** Claims of which the time is that of the request, not of the table. */
function late(name: string, changes: () => Readonly<Record<string, unknown>>): TokenAttack[] {
  return [[name, (forge) => forge.withClaims(changes())]];
}

function asStranger(forge: TokenForge, changes: Readonly<Record<string, unknown>>): string {
  return forge.token(forge.header(changes), forge.claims(), (signed) =>
    sign(null, signed, forge.stranger.privateKey),
  );
}

/** JSON in which a member comes a second time, at the end. */
function twice(object: unknown, name: string, value: unknown): string {
  return JSON.stringify(object).replace(/}$/, `,${JSON.stringify(name)}:${JSON.stringify(value)}}`);
}

/** What is not a compact JWS, or not the only way to write one. */
export const FORM_ATTACKS: readonly TokenAttack[] = [
  ['nothing but dots', () => '..'],
  ['one part', (f) => encode(f.claims())],
  ['two parts', (f) => f.token().split('.').slice(0, 2).join('.')],
  ['no signature', (f) => f.token().replace(/[^.]+$/, '')],
  ['no header', (f) => f.token().replace(/^[^.]+/, '')],
  ['no payload', (f) => f.token().replace(/\.[^.]+\./, '..')],
  ['four parts', (f) => `${f.token()}.AAAA`],
  ['a JWE of five parts', (f) => `${f.token()}.AAAA.AAAA`],
  ['a JWE', () => `${encode({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`],
  ['a JWS in JSON', (f) => jsonSerialization(f.token())],
  ['padding', (f) => `${f.token()}==`],
  ['padding in the middle', (f) => f.token().replace('.', '=.')],
  ['base64 with + and /', (f) => plainBase64(f)],
  ['other last bits in the signature', (f) => lastBits(f.token())],
  ['a space within', (f) => f.token().replace('.', ' .')],
  ['a tab within', (f) => f.token().replace('.', '\t.')],
  ['a percent escape', (f) => f.token().replace('.', '%2E')],
  ['a dot of another script', (f) => f.token().replace('.', '\u00b7')],
  ['a comma', (f) => f.token().replace('.', ',')],
  ['quotes', (f) => `"${f.token()}"`],
  ['two tokens', (f) => `${f.token()} ${f.token()}`],
  ['two tokens with a comma', (f) => `${f.token()},${f.token()}`],
  ['a signature cut by one character', (f) => f.token().slice(0, -1)],
  ['a signature cut by one byte', (f) => reSigned(f, (bytes) => bytes.subarray(0, 63))],
  ['a signature of 65 bytes', (f) => reSigned(f, (b) => Buffer.concat([b, Buffer.alloc(1)]))],
  ['a signature of zeros', (f) => reSigned(f, () => Buffer.alloc(64))],
  ['a signature of ones', (f) => reSigned(f, () => Buffer.alloc(64, 0xff))],
  ['a signature with S + L', (f) => reSigned(f, addOrder)],
  ['a signature with R of order one and S zero', (f) => reSigned(f, () => pointOfOrderOne())],
  ['a signature with its first bit turned', (f) => reSigned(f, (bytes) => turned(bytes, 0))],
  ['a signature with its last bit turned', (f) => reSigned(f, (bytes) => turned(bytes, 63))],
  ['the signature of another token', (f) => other(f, 2)],
  ['the payload of another token', (f) => other(f, 1)],
  ['a token of more than 4 KiB', (f) => f.withClaims({ note: 'x'.repeat(4_096) })],
  ['a token of 16 KiB', (f) => f.withClaims({ note: 'x'.repeat(16_384) })],
  ['a word', () => 'token'],
  ['null', () => 'null'],
  ['an opaque token', () => 'A'.repeat(64)],
];

/** The order of Ed25519's group. Source: RFC 8032 section 5.1. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The other signature that a verifier without the check of RFC 8032, 5.1.7 would take. */
function addOrder(signature: Buffer): Buffer {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + ORDER;
  const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return Buffer.concat([signature.subarray(0, 32), bytes]);
}

function pointOfOrderOne(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes[0] = 1;
  return bytes;
}

function turned(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

function reSigned(forge: TokenForge, change: (signature: Buffer) => Buffer): string {
  return forge.token(forge.header(), forge.claims(), (signed) => change(forge.sign(signed)));
}

function other(forge: TokenForge, part: number): string {
  const parts = forge.token().split('.');
  parts[part] = forge.withClaims({ sub: 'account-2' }).split('.')[part] ?? '';
  return parts.join('.');
}

function jsonSerialization(token: string): string {
  const [protectedHeader, payload, signature] = token.split('.');
  return JSON.stringify({ protected: protectedHeader, payload, signature });
}

/** The same signature in base64 that is not for URLs. */
function plainBase64(forge: TokenForge): string {
  for (;;) {
    const [head = '', payload = '', signature = ''] = forge.token().split('.');
    const plain = Buffer.from(signature, 'base64url').toString('base64').replaceAll('=', '');
    if (plain !== signature) return `${head}.${payload}.${plain}`;
  }
}

/** The same bytes by another last character, of which four bits are left over. */
function lastBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(token.slice(-1)) + 1);
}
