import { SPIFFE_ID } from './spiffe-id.ts';
import { NOT_EMPTY, PORT } from './text-form.ts';
import type { TextForm } from './text-form.ts';

/** The name of every service's binding to Kafka: there is one cluster, whatever topics it uses. */
export const KAFKA_BINDING = 'kafka';

/** The name of every process's binding to the collector of telemetry. */
export const TELEMETRY_BINDING = 'telemetry';

/** The name of a probe's binding to the edge. */
export const EDGE_BINDING = 'edge';

/** What one of the parties keeps from all others: what a client proves itself by, or signs messages with. */
export type ExternalSecret = 'access-key-id' | 'api-key' | 'secret-access-key' | 'webhook-secret';

/** What of a system is ours, beside its address: where in an object store we may write. */
export type ExternalParameter = 'bucket' | 'region';

/** The forms of parameters. Source: "General purpose bucket naming rules", Amazon S3 User Guide. */
export const EXTERNAL_PARAMETERS = {
  bucket: {
    fits: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    allowed: '3 to 63 lower-case letters, digits, hyphens and dots',
  },
  region: {
    fits: /^[a-z0-9-]{1,63}$/i,
    allowed: "letters, digits and hyphens, such as 'eu-central-1'",
  },
} as const satisfies Readonly<Record<ExternalParameter, TextForm>>;

/** The name of a service's binding to a system outside the platform. */
export function externalBindingName(external: string): string {
  return `external-${external}`;
}

/** What `keep-days` of a database says where nothing moves to an archive. */
export const FOR_EVER = 'for-ever';

/** Who provides all bindings of the platform. */
export const BINDING_PROVIDER = 'meridian';

/** What begins the `uri` of a call whose addresses are a list in a file, relative to the bindings. */
export const ADDRESSES_SCHEME = 'addresses';

/** How every store is reached, whatever its engine. */
const server = {
  host: NOT_EMPTY,
  port: PORT,
  username: NOT_EMPTY,
};

/** Folder of `tls.crt`, `tls.key` and `ca.crt`, relative to the working folder. */
const tlsFolder = { 'tls-folder': NOT_EMPTY };

/** Certificates to trust, where the server's are of nobody whom Node.js trusts by itself. */
const caFile = { 'ca-file': NOT_EMPTY };

/** In a mounted Secret or a file of the process, read again at each connection. */
const passwordFile = { 'password-file': NOT_EMPTY };

/** Properties that every binding of a type has; docs/bindings.md says what they mean. */
const PROPERTIES = {
  grpc: { uri: NOT_EMPTY, 'spiffe-id': SPIFFE_ID },
  postgresql: {
    ...server,
    database: NOT_EMPTY,
    /** The only way to connect: encrypted, and the server verified by the address we reach it by. */
    sslmode: { fits: /^verify-full$/, allowed: "'verify-full'" },
  },
  redis: { ...server, ...passwordFile, 'key-prefix': NOT_EMPTY },
  kafka: {
    'bootstrap-servers': {
      fits: /^[A-Za-z0-9.-]+:[0-9]{1,5}(,[A-Za-z0-9.-]+:[0-9]{1,5})*$/,
      allowed: 'host:port, comma separated',
    },
  },
  elasticsearch: { ...server, ...tlsFolder, ...passwordFile, index: NOT_EMPTY },
  /** The collector of telemetry. */
  otlp: {
    uri: {
      fits: /^(addresses:[^\s]+|dns:\/\/\/[A-Za-z0-9.-]+:[0-9]{1,5})$/,
      allowed: "'addresses:' and the file of a list, or 'dns:///host:port'",
    },
    'spiffe-id': SPIFFE_ID,
  },
  /** The platform's own edge, as users reach it, for whoever looks whether they do. */
  edge: {
    uri: { fits: /^https:\/\/[^/?#]+$/, allowed: 'an https URL without a path' },
    ...passwordFile,
  },
  /** A system outside the platform. */
  external: {
    uri: { fits: /^https?:\/\/[^/?#]+$/, allowed: 'an http or https URL without a path' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, TextForm>>>>;

/** Properties that a binding of a type may lack. */
const OPTIONAL_PROPERTIES = {
  grpc: { 'preview-uri': NOT_EMPTY },
  postgresql: {
    ...tlsFolder,
    ...caFile,
    ...passwordFile,
    'keep-days': { fits: /^(for-ever|[1-9]\d{0,4})$/, allowed: "a number of days, or 'for-ever'" },
  },
  redis: { ...tlsFolder, ...caFile },
  kafka: {
    ...tlsFolder,
    ...caFile,
    /** Absent where a certificate says who we are. */
    mechanism: { fits: /^iam$/, allowed: "'iam'" },
    region: EXTERNAL_PARAMETERS.region,
  },
  elasticsearch: {},
  otlp: {},
  edge: {
    ...caFile,
    'connect-to': { fits: /^[A-Za-z0-9.-]+:[0-9]{1,5}$/, allowed: 'host:port' },
  },
  external: {
    ...EXTERNAL_PARAMETERS,
    /** Absent where keys say who we are, or nothing does. */
    mechanism: { fits: /^iam$/, allowed: "'iam'" },
    /** Each in a mounted Secret or a file of the process, read again at each use. */
    'access-key-id-file': NOT_EMPTY,
    'api-key-file': NOT_EMPTY,
    'secret-access-key-file': NOT_EMPTY,
    'webhook-secret-file': NOT_EMPTY,
  },
} as const satisfies Readonly<Record<BindingType, Readonly<Record<string, TextForm>>>>;

/** What a binding leads to. */
export type BindingType = keyof typeof PROPERTIES;

/** What a binding of a type always has. */
export type RequiredProperty<Type extends BindingType> = keyof (typeof PROPERTIES)[Type] & string;

/** What it may lack. */
export type OptionalProperty<Type extends BindingType> = keyof (typeof OPTIONAL_PROPERTIES)[Type] &
  string;

/** The properties of a binding as they are given, but `type` and `provider`. */
export type BindingProperties<Type extends BindingType> = Readonly<
  Record<RequiredProperty<Type>, string> & Partial<Record<OptionalProperty<Type>, string>>
>;

/** The types of all bindings. */
export const BINDING_TYPES = Object.keys(PROPERTIES) as readonly BindingType[];

/** The forms of a type's properties, required and optional. */
export function bindingForms(type: BindingType): {
  readonly required: Readonly<Record<string, TextForm>>;
  readonly optional: Readonly<Record<string, TextForm>>;
} {
  return { required: PROPERTIES[type], optional: OPTIONAL_PROPERTIES[type] };
}

/** A binding as it is written: one file, or key of a Secret, for each property. */
export function binding<Type extends BindingType>(
  type: Type,
  properties: BindingProperties<Type>,
): Readonly<Record<string, string>> {
  return { type, provider: BINDING_PROVIDER, ...properties };
}
