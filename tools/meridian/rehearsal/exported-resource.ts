/** A resource as Pulumi exports it, without its secrets. Source: apitype.ResourceV3 of Pulumi 3. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  /** By which its provider knows it. */
  readonly id?: string;
  /** Whether a provider makes it, and not the program alone. @default false */
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** URNs of what each property was made of. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  /** URNs. */
  readonly dependencies?: readonly string[];
  /** URN of what it is a part of. */
  readonly parent?: string;
  /** What makes it: '<URN>::<id>'. */
  readonly provider?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Whether a destruction forgets it, and leaves it where it is. @default false */
  readonly retainOnDelete?: boolean;
}

/** What `pulumi stack export` writes, as far as a plan is made of it. */
export interface ExportedResources {
  readonly deployment: { readonly resources?: readonly ExportedResource[] };
}

/** Marks what Pulumi keeps encrypted. Source: @pulumi/pulumi, runtime/rpc (specialSigKey, specialSecretSig) */
const MARK = '4dabf18193072939515e22adb298388d';
const OF_SECRETS = '1b47061264138c4ac30d75fd1eb44270';

/** Whether a value is kept encrypted. */
export function isEncrypted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, MARK) === OF_SECRETS;
}
