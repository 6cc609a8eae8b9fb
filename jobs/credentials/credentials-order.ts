/** Whose passwords are to be there, where each is read, and how the engine takes them. */
export interface CredentialsOrder {
  /** Name of the engine in messages. */
  readonly engine: string;
  /** Another number than that of the last run gives every user another password. */
  readonly generation: number;
  /** Namespace of the bindings. */
  readonly namespace: string;
  readonly users: readonly CredentialUser[];
  readonly engineForm: EngineForm;
}

/** A user of an engine. */
export interface CredentialUser {
  readonly name: string;
  /** The bindings that get its password, in the key `password`. */
  readonly bindings: readonly CredentialBinding[];
}

/** A binding as the Service Binding Specification has it; the program adds the password. */
export interface CredentialBinding {
  readonly secret: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** How an engine takes passwords, in Secrets of its own namespace. */
export type EngineForm = KeyedPasswords | BasicAuthentication;

/** One Secret with the password of each user under its name. */
export interface KeyedPasswords {
  readonly kind: 'keyed';
  readonly namespace: string;
  readonly secret: string;
  /** Other namespaces that have the same Secret. @default none */
  readonly copies?: readonly string[];
}

/** A Secret of type kubernetes.io/basic-auth for each user, with its roles, as ECK's file realm reads. */
export interface BasicAuthentication {
  readonly kind: 'basic-auth';
  readonly namespace: string;
  readonly secrets: Readonly<Record<string, { readonly secret: string; readonly roles: string }>>;
}
