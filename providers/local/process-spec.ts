import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a process, a zone and an identity folder may be called. */
export const NAME_PATTERN = /^[a-z][a-z0-9-]{0,39}$/;

/** A name as an input of a resource, with what is wrong with another one. */
export const nameSchema = z
  .string()
  .regex(
    NAME_PATTERN,
    'must be 1 to 40 lower-case letters, digits or hyphens, beginning with a letter',
  );
const loopbackAddress = z
  .ipv4('must be an IPv4 address')
  .regex(/^127\./, 'must be a loopback address (127.x.x.x)');
const port = z.int().min(1024, 'must be 1024 to 65535').max(65535, 'must be 1024 to 65535');
const timeoutSeconds = z.number().positive().max(600);
const text = z.string().refine((value) => !value.includes('\0'), 'must hold no NUL character');
const command = z.array(text).min(1, 'must name a program');

/** A path below the process's own folder: it cannot climb out. */
const RELATIVE_PATH = /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9_.-]{1,100}(\/[A-Za-z0-9_.-]{1,100})*$/;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A map of texts; unlike a key schema of zod's, this says what is wrong with a key. */
function textsBy(pattern: RegExp, allowed: string) {
  return z.record(z.string(), text).superRefine((texts, context) => {
    for (const key of Object.keys(texts).filter((candidate) => !pattern.test(candidate))) {
      context.addIssue({ code: 'custom', path: [key], message: allowed });
    }
  });
}

const environment = textsBy(VARIABLE_NAME, 'must be the name of an environment variable');
const files = textsBy(
  RELATIVE_PATH,
  'must be a relative path of letters, digits, dots, hyphens and underscores',
);

export const identitySpecSchema = z
  .strictObject({
    folder: nameSchema,
    uris: z.array(z.url()),
    commonName: z.string().min(1).max(64).optional(),
    dnsNames: z.array(z.string().min(1).max(253)),
    addresses: z.array(z.ipv4()),
    usages: z
      .array(z.enum(['server', 'client', 'sign']))
      .min(1, "must name server, client or both, or 'sign' alone")
      .refine(
        (usages) => !usages.includes('sign') || usages.length === 1,
        "'sign' must stand alone: a key that signs messages is none of TLS's",
      ),
  })
  .refine(
    (identity) =>
      identity.uris.length + identity.dnsNames.length + identity.addresses.length > 0 ||
      identity.commonName !== undefined,
    'must say whom it identifies: a URI, a DNS name, an address or a common name',
  );

export const probeSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http'),
    url: z.url({ protocol: /^http$/, error: 'must be an http:// address' }),
    timeoutSeconds,
  }),
  z.strictObject({
    kind: z.literal('https'),
    url: z.url({ protocol: /^https$/, error: 'must be an https:// address' }),
    identity: nameSchema,
    user: z.strictObject({ name: z.string().min(1), passwordFile: text }).optional(),
    timeoutSeconds,
  }),
  z.strictObject({ kind: z.literal('tcp'), address: loopbackAddress, port, timeoutSeconds }),
  z.strictObject({ kind: z.literal('none') }),
]);

export const processSpecSchema = z
  .strictObject({
    name: nameSchema,
    revision: z.string().max(128),
    command,
    environment,
    files,
    liveFiles: files,
    identities: z.array(identitySpecSchema),
    listens: z.array(z.strictObject({ name: nameSchema, address: loopbackAddress, port })),
    prepare: z.strictObject({ command, creates: z.string().min(1) }).optional(),
    readiness: probeSpecSchema,
    stop: z.strictObject({
      signal: z.enum(['SIGTERM', 'SIGINT']),
      graceSeconds: z.number().min(0).max(300),
    }),
    onRenew: z.union([z.enum(['none', 'SIGHUP']), z.strictObject({ command })], {
      error: "must be 'none', 'SIGHUP' or a command",
    }),
    runs: z.enum(['always', 'on-demand']),
    data: z.boolean(),
  })
  .superRefine((spec, context) => {
    for (const path of Object.keys(spec.liveFiles)) {
      if (path in spec.files) {
        context.addIssue({
          code: 'custom',
          path: ['liveFiles', path],
          message: 'is given in files as well',
        });
      }
    }
    for (const kind of ['files', 'liveFiles'] as const) {
      for (const path of Object.keys(spec[kind])) {
        const [top = ''] = path.split('/');
        if (spec.identities.some(({ folder }) => folder === top)) {
          context.addIssue({
            code: 'custom',
            path: [kind, path],
            message: 'lies in the folder of an identity',
          });
        }
      }
    }
    const folders = spec.identities.map((identity) => identity.folder);
    const { readiness } = spec;
    if (readiness.kind === 'https' && !folders.includes(readiness.identity)) {
      context.addIssue({
        code: 'custom',
        path: ['readiness', 'identity'],
        message: 'must be the folder of an identity',
      });
    }
    if (new Set(folders).size !== folders.length) {
      context.addIssue({ code: 'custom', path: ['identities'], message: 'share a folder' });
    }
  });

/**
 * A leaf certificate that the agent issues into `${self}/<folder>` and renews at half life: P-256 for
 * TLS, Ed25519 for 'sign'.
 */
export type IdentitySpec = Immutable<z.infer<typeof identitySpecSchema>>;
/**
 * How the agent learns that a process is ready; asked every 2 s once it is. By https it comes with a
 * certificate of the process, from the folder `identity`, and as a user whose password lies in a file, if one is named.
 */
export type ProbeSpec = Immutable<z.infer<typeof probeSpecSchema>>;
/**
 * One process of a zone as plain JSON. The placeholders `${program}` `${cache}` `${self}` `${data}`
 * `${runtime}` `${state}` `${node}` are expanded by the agent in command, environment, files,
 * liveFiles, prepare, onRenew and the path of a probe's password; where one stands in a file, `${self:json}`, `:postgres`, `:redis`,
 * `:properties` or `:uri` quotes it for the file's format.
 *
 * `onRenew` says how a running process learns that certificates in its folder were renewed: not at
 * all (it watches them), by a signal, or by a command that has 10 s, runs in the process's folder and
 * environment, and is repeated until it ends with 0.
 */
export type ProcessSpec = Immutable<z.infer<typeof processSpecSchema>>;

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/** SHA-256 (hex) of the whole spec in canonical form: the order of keys does not count. */
export function specDigest(spec: ProcessSpec): string {
  return digest(spec);
}

/**
 * SHA-256 (hex) of what a running process cannot take up: a change of it restarts the process.
 * Live files, probes, the way to stop and the notice of a renewal are taken up as they are.
 */
export function restartDigest(spec: ProcessSpec): string {
  return digest({
    ...spec,
    liveFiles: undefined,
    readiness: undefined,
    stop: undefined,
    onRenew: undefined,
  });
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON with sorted keys and without undefined members (the order of RFC 8785). */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
