import type { ContextConfiguration, MethodRule } from '@meridian/language/service-configuration.ts';
import { EVERY_METHOD } from '@meridian/language/method.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { Identity } from '../tls/identity.ts';
import type { ContextClaims } from './claims.ts';
import { digestOf } from './context-signer.ts';
import { ContextVerifier } from './context-verifier.ts';
import { ReceivedContext } from './request-context.ts';

/** What is known of a call before its handler is asked. */
export interface ContextualCall {
  /** Path of the method. */
  readonly path: string;
  /** SPIFFE ID of the caller. */
  readonly peer: string;
  /** Values of the metadata that carries the context. */
  readonly texts: readonly (string | Buffer)[];
  /** The request as it was received; undefined for a stream of them. */
  readonly request: Uint8Array | undefined;
}

/**
 * What the graph says of contexts, enforced: a method runs without one only where the system may act,
 * and with one only if the edge service signed it, for a request that can have led to this very call.
 * What no rule names is refused. Refusals are for the caller: they tell nothing of the rules.
 */
export class ContextPolicy {
  readonly #signer: string | undefined;
  readonly #verifier: ContextVerifier | undefined;
  readonly #rules: ReadonlyMap<string, MethodRule>;

  constructor(configuration: ContextConfiguration, identity: Pick<Identity, 'current'>) {
    const { signer, methods } = configuration;
    this.#signer = signer;
    this.#verifier = signer === undefined ? undefined : new ContextVerifier(identity, signer);
    this.#rules = new Map(Object.entries(methods));
  }

  /** The verified context of a call, or undefined for one of the system. Throws an RpcError. */
  check(call: ContextualCall): ReceivedContext | undefined {
    const rule = this.#rules.get(call.path) ?? this.#rules.get(EVERY_METHOD);
    const [text, ...others] = call.texts;
    if (text === undefined) {
      if (rule?.actors.includes('system') === true) return undefined;
      throw new RpcError('UNAUTHENTICATED', 'the call needs a signed context');
    }
    if (others.length > 0 || typeof text !== 'string') throw invalid('there are several');
    const claims = this.#verify(text);
    if (call.peer === this.#signer) checkFirstHop(claims, call);
    if (!rule?.entries[call.peer]?.includes(claims.entryMethod)) {
      throw new RpcError('PERMISSION_DENIED', 'the request cannot have led to this call');
    }
    checkActor(claims, rule);
    return new ReceivedContext(claims, text);
  }

  #verify(text: string): ContextClaims {
    if (this.#verifier === undefined) throw invalid('nobody is configured to sign one');
    try {
      return this.#verifier.verify(text);
    } catch (cause) {
      throw invalid(cause);
    }
  }
}

/** What the edge service sends was signed for this call alone. */
function checkFirstHop({ firstHop, entryMethod }: ContextClaims, call: ContextualCall): void {
  if (firstHop.method !== call.path || entryMethod !== call.path) {
    throw invalid('it was signed for another method');
  }
  if (call.request === undefined || firstHop.digest !== digestOf(call.request)) {
    throw invalid('it was signed for another request');
  }
}

function checkActor({ subject, roles }: ContextClaims, rule: MethodRule): void {
  if (!rule.actors.includes(subject === undefined ? 'anonymous' : 'user')) {
    throw subject === undefined
      ? new RpcError('UNAUTHENTICATED', 'the call needs a signed-in user')
      : new RpcError('PERMISSION_DENIED', 'no user may make this call');
  }
  if (rule.roles.length > 0 && !rule.roles.some((role) => roles.includes(role))) {
    throw new RpcError('PERMISSION_DENIED', 'the user lacks the role for this call');
  }
}

function invalid(reason: unknown): RpcError {
  const cause = reason instanceof Error ? reason : new Error(String(reason));
  return new RpcError('UNAUTHENTICATED', 'the signed context is not valid', { cause });
}
