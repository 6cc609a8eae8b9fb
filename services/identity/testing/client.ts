import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import {
  CreateAccountRequestSchema,
  CreateAccountResponseSchema,
  CreateSessionRequestSchema,
  CreateSessionResponseSchema,
  EnsureAccountRequestSchema,
  EnsureAccountResponseSchema,
  DeleteAccountRequestSchema,
  GetAccountRequestSchema,
  GetAccountResponseSchema,
  ListAccountsRequestSchema,
  ListAccountsResponseSchema,
  ListKeysRequestSchema,
  ListKeysResponseSchema,
  ListRevocationsRequestSchema,
  ListRevocationsResponseSchema,
  RefreshSessionRequestSchema,
  RefreshSessionResponseSchema,
  RevokeSessionRequestSchema,
  type Account,
  type EnsureAccountResponse,
  type JsonWebKey,
  type ListAccountsResponse,
  type ListRevocationsResponse,
  type SessionTokens,
} from '../contract/gen/meridian/identity/v1/identity_pb.js';
import type { HandlersUnderTest } from './fixture.ts';

/** Who signs in where the test says nothing else. */
export const EMAIL = 'Ann@Example.com';
export const PASSWORD = 'seven blue lanterns';

/** The SPIFFE ID of whoever calls. */
export const PEER = 'spiffe://meridian.local/ns/meridian/sa/caller';

/** Calls the handlers as a client would, without a wire between. */
export class HandlerClient {
  readonly #identity: HandlersUnderTest;
  readonly #call: ServerCall;

  constructor(identity: HandlersUnderTest, key?: string) {
    this.#identity = identity;
    this.#call = callOf(identity, key);
  }

  /** The same client with an idempotency key for all its calls. */
  withKey(key: string): HandlerClient {
    return new HandlerClient(this.#identity, key);
  }

  async open(changes: MessageInitShape<typeof CreateAccountRequestSchema> = {}): Promise<Account> {
    const request = { email: EMAIL, password: PASSWORD, displayName: 'Ann', ...changes };
    const answer = await this.#identity.handlers.createAccount(
      create(CreateAccountRequestSchema, request),
      this.#call,
    );
    return present(create(CreateAccountResponseSchema, answer).account);
  }

  async ensure(
    changes: MessageInitShape<typeof EnsureAccountRequestSchema> = {},
  ): Promise<EnsureAccountResponse> {
    const request = { email: EMAIL, password: PASSWORD, roles: ['merchant'], ...changes };
    const answer = await this.#identity.handlers.ensureAccount(
      create(EnsureAccountRequestSchema, request),
      this.#call,
    );
    return create(EnsureAccountResponseSchema, answer);
  }

  async delete(accountId: string): Promise<void> {
    const request = create(DeleteAccountRequestSchema, { accountId });
    await this.#identity.handlers.deleteAccount(request, this.#call);
  }

  async signIn(password = PASSWORD, email = EMAIL): Promise<SessionTokens> {
    const request = create(CreateSessionRequestSchema, { email, password });
    const answer = await this.#identity.handlers.createSession(request, this.#call);
    return present(create(CreateSessionResponseSchema, answer).tokens);
  }

  async refresh(refreshToken: string): Promise<SessionTokens> {
    const request = create(RefreshSessionRequestSchema, { refreshToken });
    const answer = await this.#identity.handlers.refreshSession(request, this.#call);
    return present(create(RefreshSessionResponseSchema, answer).tokens);
  }

  async revoke(sessionId: string): Promise<void> {
    const request = create(RevokeSessionRequestSchema, { sessionId });
    await this.#identity.handlers.revokeSession(request, this.#call);
  }

  async get(accountId: string): Promise<Account> {
    const request = create(GetAccountRequestSchema, { accountId });
    const answer = await this.#identity.handlers.getAccount(request, this.#call);
    return present(create(GetAccountResponseSchema, answer).account);
  }

  async accounts(
    request: MessageInitShape<typeof ListAccountsRequestSchema> = {},
  ): Promise<ListAccountsResponse> {
    const given = create(ListAccountsRequestSchema, request);
    const answer = await this.#identity.handlers.listAccounts(given, this.#call);
    return create(ListAccountsResponseSchema, answer);
  }

  async listKeys(): Promise<readonly JsonWebKey[]> {
    const request = create(ListKeysRequestSchema);
    const answer = await this.#identity.handlers.listKeys(request, this.#call);
    return create(ListKeysResponseSchema, answer).keys;
  }

  async revocations(
    request: MessageInitShape<typeof ListRevocationsRequestSchema> = {},
  ): Promise<ListRevocationsResponse> {
    const given = create(ListRevocationsRequestSchema, request);
    const answer = await this.#identity.handlers.listRevocations(given, this.#call);
    return create(ListRevocationsResponseSchema, answer);
  }
}

/** A call of somebody who is not signed in, with all of it that the handlers look at. */
export function callOf({ log }: Pick<HandlersUnderTest, 'log'>, key?: string): ServerCall {
  const { signal } = new AbortController();
  const metadata = new Metadata();
  if (key !== undefined) metadata.set('idempotency-key', key);
  return { signal, log, peer: PEER, metadata, context: { subject: undefined } } as ServerCall;
}

/** What an answer must have. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The answer lacks a field');
  return value;
}
