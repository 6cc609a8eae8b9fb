import { CodedError } from '@meridian/language/coded-error.ts';

/** Where the audit trail is asked, and what is believed of it; nothing given is the platform on this machine. */
export interface Reach {
  /** The address of a platform's public API, such as https://meridian.example. */
  readonly url?: string;
  /** A file with an access token. @default MERIDIAN_TOKEN of the environment */
  readonly token?: string;
  /** The e-mail address of an auditor's account, to sign in with instead of a token. */
  readonly email?: string;
  /** A file with its password. @default MERIDIAN_PASSWORD of the environment */
  readonly password?: string;
  /** A file with the platform's root certificate: it vouches for keys of the log, and for the address. */
  readonly root?: string;
  /** A folder with what the log published, or the address of the bucket. @default what this machine's platform published */
  readonly published?: string;
  /** A key of the log, or a file of them: then no other is believed. @default those that were published */
  readonly trust?: string;
}

/** What an option says that cannot be meant. */
export function unusable(option: string, must: string, got: string, fix: string): CodedError {
  return new CodedError(
    'AUDIT_OPTION_UNUSABLE',
    `Option '${option}': must ${must}, got ${got}; ${fix}`,
  );
}
