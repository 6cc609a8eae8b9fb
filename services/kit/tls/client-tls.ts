import { resolve } from 'node:path';
import type { SecureContext } from 'node:tls';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Binding } from '../bindings.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Readiness } from '../ops/readiness.ts';
import { Identity } from './identity.ts';
import { observeIdentity } from './observe-identity.ts';
import { ServerTrust } from './server-trust.ts';

/** What connections to an engine are made with, each with what is newest. */
export interface ClientTls {
  readonly current: { readonly context: SecureContext };
  close(): void;
}

/** Where what TLS takes lies: a client certificate with whom it trusts, or only whom to trust. */
export interface ClientTlsFiles {
  /** Folder of the client certificate; absent where a password or a role says who we are. */
  readonly tlsFolder?: string;
  /** The same as the binding says it, for logs and metrics. */
  readonly tlsFolderName?: string;
  /** @default those that Node.js trusts */
  readonly caFile?: string;
}

/** To whom a certificate is shown. */
export interface TlsObservers {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** @default an expired certificate keeps nobody from being ready */
  readonly readiness?: Readiness;
}

/** Reads of a binding where what TLS takes lies; throws a CodedError that names the file. */
export function readClientTls(
  { optionalProperty }: Pick<Binding<'kafka' | 'postgresql' | 'redis'>, 'optionalProperty'>,
  workingFolder: string,
): ClientTlsFiles {
  const tlsFolderName = optionalProperty('tls-folder');
  const caFile = optionalProperty('ca-file');
  return {
    ...(tlsFolderName === undefined
      ? {}
      : { tlsFolder: resolve(workingFolder, tlsFolderName), tlsFolderName }),
    ...(caFile === undefined ? {} : { caFile: resolve(workingFolder, caFile) }),
  };
}

/** What a binding says that does not say who we are. */
export function saysNotWhoWeAre(binding: string, needed: string): CodedError {
  return new CodedError(
    'KIT_BINDING',
    `Binding '${binding}': must have ${needed}, got neither; without one the server cannot tell who we are`,
  );
}

/**
 * Opens a client's side of TLS: a certificate is followed as it is renewed and shown to the observers; without one
 * the server alone proves who it is. Throws a CodedError.
 */
export function openClientTls(
  { tlsFolder, tlsFolderName, caFile }: ClientTlsFiles,
  observers?: TlsObservers,
): ClientTls {
  if (tlsFolder === undefined) return ServerTrust.open(caFile);
  const identity = Identity.open(tlsFolder);
  if (observers !== undefined) observeIdentity(identity, tlsFolderName ?? tlsFolder, observers);
  return identity;
}
